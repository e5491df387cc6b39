package main

import "sync"

// count never calls a function and never waits: nothing in it asks whether others want to run.
func count(n int) int {
	sum := 0
	for i := range n {
		sum += i ^ sum>>3
	}
	return sum
}

var total int

// main counts in four goroutines. With fewer processors than that, they can only take turns if the
// runtime stops them from outside.
func main() {
	var wait sync.WaitGroup
	sums := make([]int, 4)
	for i := range sums {
		wait.Add(1)
		go func() {
			defer wait.Done()
			sums[i] = count(150_000_000 + i)
		}()
	}
	wait.Wait()
	for _, sum := range sums {
		total += sum
	}
	println(total != 0)
}

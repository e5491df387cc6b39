package main

// sum carries i and total around the loop: two phis that live to the end.
//
//go:noinline
func sum(n int) int {
	total := 0
	for i := 0; i < n; i++ {
		total += i * i
	}
	return total
}

func main() {
	println(sum(10))
}

package main

import "fmt"

type item struct {
	name  string
	bytes []byte
}

// shelf keeps what is stored for as long as the program runs.
var shelf []*item

// store allocates a lot and keeps it: the heap grows.
func store(n int) {
	for i := range n {
		shelf = append(shelf, &item{fmt.Sprintf("item %d", i), make([]byte, 4096)})
	}
}

// waste allocates even more and keeps nothing: the collector has work.
func waste(n int) int {
	sum := 0
	for i := range n {
		sum += len(garbage(i))
	}
	return sum
}

//go:noinline
func garbage(i int) []byte {
	return make([]byte, 1024+i%7)
}

func main() {
	for range 4 {
		store(1000)
		fmt.Println(len(shelf), "kept,", waste(20_000), "bytes thrown away")
	}
	shelf = shelf[:100:100]
}

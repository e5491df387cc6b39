package main

import "fmt"

//go:noinline
func add(a, b int) int {
	if a > 0 {
		return a + b
	}
	return b - a
}

func main() {
	fmt.Println(add(40, 2))
}

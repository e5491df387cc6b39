package main

import "fmt"

// deep calls itself n times. Nothing of a level is needed once it has returned but its result, and
// yet every call that is left open keeps its frame on the stack.
func deep(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + deep(n-1)
}

func main() {
	fmt.Println(deep(10_000))
}

package main

import "fmt"

// The program prints until nobody reads its output any more: then the write system call blocks, and
// a SIGQUIT makes the runtime print the stack that leads down to it.
func main() {
	for {
		fmt.Println("is anybody reading this?")
	}
}

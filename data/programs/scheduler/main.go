package main

import (
	"fmt"
	"os"
)

// main looks around before it does anything else: how many threads exist already, and does the
// scheduler run a new goroutine? Then it panics, because a traceback lists all goroutines: with
// GOTRACEBACK=system those of the runtime too.
func main() {
	threads, _ := os.ReadDir("/proc/self/task")
	answer := make(chan string)
	go func() { answer <- "ran" }()
	fmt.Println("threads", len(threads))
	fmt.Println("a new goroutine", <-answer)
	panic("look around")
}

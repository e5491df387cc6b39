package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// main looks around before it does anything else: which goroutines and threads exist already, and
// does the scheduler run a new goroutine?
func main() {
	buffer := make([]byte, 1<<16)
	stacks := string(buffer[:runtime.Stack(buffer, true)])
	threads, _ := os.ReadDir("/proc/self/task")
	answer := make(chan string)
	go func() { answer <- "ran" }()
	fmt.Println("goroutines", strings.Count("\n\n"+stacks, "\n\ngoroutine "))
	fmt.Println("threads", len(threads))
	fmt.Println("a new goroutine", <-answer)
	fmt.Println(stacks)
}

package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
)

// main parks as many goroutines as its argument says, and prints what each of them costs.
func main() {
	count := 10_000
	if len(os.Args) > 1 {
		if number, err := strconv.Atoi(os.Args[1]); err == nil && number > 0 {
			count = number
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	started, never := make(chan bool), make(chan bool)
	for range count {
		go func() {
			started <- true
			<-never
		}()
	}
	for range count {
		<-started
	}
	runtime.ReadMemStats(&after)
	fmt.Println("goroutines", count)
	fmt.Println("stack bytes each", (after.StackInuse-before.StackInuse)/uint64(count))
	fmt.Println("bytes from the system each", (after.Sys-before.Sys)/uint64(count))
}

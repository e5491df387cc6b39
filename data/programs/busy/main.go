package main

import (
	"fmt"
	"time"
)

// main keeps twenty goroutines counting for a second, so that the scheduler has something to report.
func main() {
	stop := time.Now().Add(time.Second)
	counts := make(chan int)
	for range 20 {
		go func() {
			n := 0
			for time.Now().Before(stop) {
				n++
			}
			counts <- n
		}()
	}
	total := 0
	for range 20 {
		total += <-counts
	}
	fmt.Println(total > 0)
}

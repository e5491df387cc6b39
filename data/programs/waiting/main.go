package main

import (
	"os"
	"sync"
	"time"
)

// receive waits for a number that nobody sends.
func receive(numbers chan int) int { return <-numbers }

// main has a goroutine wait for each of the things that a goroutine can wait for, and one that waits
// for nothing. None of them ever gets what it waits for.
func main() {
	numbers, done := make(chan int), make(chan bool)
	go receive(numbers)
	go func() { done <- true }()
	go func() {
		select {
		case <-numbers:
		case done <- true:
		}
	}()
	go func() { select {} }()
	go time.Sleep(time.Hour)

	var lock sync.Mutex
	lock.Lock()
	go lock.Lock()

	reader, _, _ := os.Pipe()
	go func() { reader.Read(make([]byte, 1)) }()
	go func() {
		for n := 0; ; n++ {
		}
	}()

	var all sync.WaitGroup
	all.Add(1)
	all.Wait()
}

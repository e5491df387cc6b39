package main

// Joined to a program to measure the stack of a goroutine that calls one of its functions. The
// function itself is the program's own: golifelabCall, which is written beside this file, calls it.

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"
	"unsafe"
)

// The first two words of a g are the lowest address of its stack and the one after the highest.
//
//go:linkname golifelabGoroutines runtime.allgs
var golifelabGoroutines []*[2]uintptr

var golifelabFile *os.File

func golifelabWrite(kind string, numbers ...uint64) {
	line := []byte(kind)
	for _, number := range numbers {
		line = strconv.AppendUint(append(line, ' '), number, 10)
	}
	golifelabFile.Write(append(line, '\n'))
}

func golifelabSetting(name string) uint64 {
	number, _ := strconv.ParseUint(os.Getenv(name), 10, 64)
	return number
}

// golifelabStack is the size of the stack it is called on.
//
//go:noinline
func golifelabStack() uint64 {
	var here byte
	at := uintptr(unsafe.Pointer(&here))
	for _, g := range golifelabGoroutines {
		if g[0] <= at && at < g[1] {
			return uint64(g[1] - g[0])
		}
	}
	return 0
}

// golifelabAt is the size that a new goroutine's stack has grown to after a call with n.
func golifelabAt(n uint64) uint64 {
	answer := make(chan uint64)
	go func() {
		golifelabCall(n)
		answer <- golifelabStack()
	}()
	return <-answer
}

// golifelabFits tells whether a stack of this size is enough. What the function calls may need more
// now and then, such as an allocation that has to look further: the least that it takes counts. In a
// large stack that makes no difference.
func golifelabFits(n, size uint64) bool {
	fits := golifelabAt(n) <= size
	for tries := 0; !fits && tries < 2 && size < 1<<20; tries++ {
		fits = golifelabAt(n) <= size
	}
	return fits
}

// golifelabLast is the largest n for which a stack of this size is enough. It is for low; guess is
// near it. The second result is false when it is beyond the largest number there is.
func golifelabLast(size, low, guess uint64) (uint64, bool) {
	high := min(max(guess, low+1), golifelabMost)
	if golifelabFits(high, size) {
		low = high
		for step := uint64(1); ; step *= 2 {
			if low >= golifelabMost {
				return low, false
			}
			high = min(low+step, golifelabMost)
			if !golifelabFits(high, size) {
				break
			}
			low = high
		}
	} else {
		for step := uint64(1); high > low+step; step *= 2 {
			if golifelabFits(high-step, size) {
				low = high - step
				break
			}
			high -= step
		}
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		if golifelabFits(middle, size) {
			low = middle
		} else {
			high = middle
		}
	}
	return low, true
}

// golifelabSteps writes, for each size up to most, the largest n that fits. It gives the last.
func golifelabSteps(most uint64) uint64 {
	size, last := golifelabAt(0), uint64(0)
	golifelabWrite("start", size)
	var sizes, lasts []uint64
	for size <= most {
		guess := 2*last + 1
		if k := len(sizes); k > 1 && lasts[k-1] > lasts[k-2] {
			rate := float64(sizes[k-1]-sizes[k-2]) / float64(lasts[k-1]-lasts[k-2])
			guess = last + uint64(float64(size-sizes[k-1])/rate)
		}
		found, bounded := golifelabLast(size, last, guess)
		if !bounded {
			golifelabWrite("unbounded", size, found)
			return found
		}
		golifelabWrite("step", size, found)
		sizes, lasts = append(sizes, size), append(lasts, found)
		next := min(golifelabAt(found+1), golifelabAt(found+1))
		last, size = found, max(next, 2*size)
	}
	return last
}

// golifelabGone waits until there are fewer goroutines than this: their stacks are then given back.
func golifelabGone(fewer int) {
	for runtime.NumGoroutine() >= fewer {
		runtime.Gosched()
	}
}

// golifelabGrowth writes what the runtime counts while a goroutine that called with n is alive.
func golifelabGrowth(n uint64) {
	var before, after runtime.MemStats
	answer, leave := make(chan uint64), make(chan bool)
	others := runtime.NumGoroutine()
	runtime.ReadMemStats(&before)
	go func() {
		golifelabCall(n)
		answer <- golifelabStack()
		<-leave
	}()
	size := <-answer
	runtime.ReadMemStats(&after)
	leave <- true
	golifelabGone(others + 1)
	golifelabWrite("growth", n, size, after.StackInuse-before.StackInuse,
		after.HeapAlloc-before.HeapAlloc, after.HeapInuse-before.HeapInuse)
}

// golifelabShrinking writes what is left of a large stack after each garbage collection.
func golifelabShrinking(n uint64) {
	var now runtime.MemStats
	ask, answer := make(chan bool), make(chan uint64)
	go func() {
		golifelabCall(n)
		for range ask {
			answer <- golifelabStack()
		}
	}()
	last := uint64(0)
	for collection := uint64(0); ; collection++ {
		ask <- true
		size := <-answer
		runtime.ReadMemStats(&now)
		golifelabWrite("shrink", collection, size, now.StackInuse, golifelabAt(0))
		if size == last {
			return
		}
		last = size
		runtime.GC()
	}
}

func init() {
	file, err := os.Create(os.Getenv("GOLIFELAB_OUT"))
	if err != nil {
		os.Exit(3)
	}
	golifelabFile = file
	// No collection takes from a stack while it is measured, unless memory runs short.
	debug.SetGCPercent(-1)
	limit := debug.SetMaxStack(1 << 30)
	golifelabWrite("limit", uint64(limit))
	time.AfterFunc(time.Duration(golifelabSetting("GOLIFELAB_MILLISECONDS"))*time.Millisecond, func() {
		golifelabWrite("late")
		os.Exit(0)
	})
	if n := os.Getenv("GOLIFELAB_ONCE"); n != "" {
		debug.SetMaxStack(int(golifelabSetting("GOLIFELAB_LIMIT")))
		golifelabWrite("once", golifelabAt(golifelabSetting("GOLIFELAB_ONCE")))
		os.Exit(0)
	}
	most := golifelabSetting("GOLIFELAB_MOST")
	debug.SetMaxStack(int(4 * most))
	debug.SetMemoryLimit(int64(16*most) + 64<<20)
	others := runtime.NumGoroutine()
	last := golifelabSteps(most)
	golifelabGone(others + 1)
	for n := uint64(1); n <= last; n *= 10 {
		golifelabGrowth(n)
	}
	golifelabShrinking(last - last/8)
	golifelabWrite("done")
	os.Exit(0)
}

package main

import (
	"fmt"
	"runtime"
	"unsafe"
)

var (
	given  = 42
	zeroed int
	kept   *[64 << 10]byte
)

// main prints where it finds its own code, its variables, what it allocated, and its stack.
func main() {
	code, _, _, _ := runtime.Caller(0)
	kept = new([64 << 10]byte)
	local := 0
	fmt.Printf("code  %#x\n", code)
	fmt.Printf("data  %#x\n", uintptr(unsafe.Pointer(&given)))
	fmt.Printf("bss   %#x\n", uintptr(unsafe.Pointer(&zeroed)))
	fmt.Printf("heap  %#x\n", uintptr(unsafe.Pointer(kept)))
	fmt.Printf("stack %#x\n", uintptr(unsafe.Pointer(&local)))
}

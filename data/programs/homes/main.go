package main

import (
	"fmt"
	"os"
	"reflect"
	"unsafe"
)

var (
	filled  = [4]int{1, 2, 3, 4}
	pointer = &filled[0]
	empty   [4096]byte
	nowhere *int
)

// main prints where it finds its own things, and then its mappings.
func main() {
	allocated, local := new([64 << 10]byte), 0
	for _, place := range []struct {
		name    string
		address uintptr
	}{
		{"filled", uintptr(unsafe.Pointer(&filled))},
		{"pointer", uintptr(unsafe.Pointer(&pointer))},
		{"empty", uintptr(unsafe.Pointer(&empty))},
		{"nowhere", uintptr(unsafe.Pointer(&nowhere))},
		{"code", reflect.ValueOf(main).Pointer()},
		{"allocated", uintptr(unsafe.Pointer(allocated))},
		{"local", uintptr(unsafe.Pointer(&local))},
	} {
		fmt.Printf("%s %#x\n", place.name, place.address)
	}
	maps, _ := os.ReadFile("/proc/self/maps")
	os.Stdout.Write(maps)
}

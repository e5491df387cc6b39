package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"reflect"
	"syscall"
	"unsafe"
)

const page = 4096

var (
	table  = [1 << 18]int64{1, 1<<18 - 1: 1} // 2 MiB that stand in the file
	zeroes [1 << 18]byte                     // 256 KiB that do not
)

//go:noinline
func spare() {}

// region is a range of this program's own addresses.
type region struct {
	name       string
	start, end uintptr
}

// pages gives the entries of a region's pages in the kernel's table: bit 63 says that a page is in
// memory, bit 61 that it is a file's own.
func (r region) pages() []uint64 {
	first, count := r.start/page, (r.end-1)/page-r.start/page+1
	raw := make([]byte, count*8)
	file, err := os.Open("/proc/self/pagemap")
	if err == nil {
		_, err = file.ReadAt(raw, int64(first)*8)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	file.Close()
	entries := make([]uint64, count)
	for i := range entries {
		entries[i] = binary.LittleEndian.Uint64(raw[i*8:])
	}
	return entries
}

// show does something, and prints how many pages a region has, how many of them are in memory, how
// many of those are the file's own, how many page faults it took, and which pages came by it.
func (r region) show(what string, do func()) {
	before := r.pages()
	var start, end syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &start)
	do()
	syscall.Getrusage(syscall.RUSAGE_SELF, &end)
	var present, own, first, last uint64
	for i, entry := range r.pages() {
		present += entry >> 63
		own += entry >> 63 & (entry >> 61)
		if entry>>63 > before[i]>>63 {
			last = uint64(r.start)/page + uint64(i) + 1
			if first == 0 {
				first = last - 1
			}
		}
	}
	faults := end.Minflt + end.Majflt - start.Minflt - start.Majflt
	fmt.Printf("%s\t%s\t%d\t%d\t%d\t%d\t%#x-%#x\n",
		r.name, what, len(before), present, own, faults, first*page, last*page)
}

// poke writes a byte of this program's code, which it may not write itself, as debuggers do.
func poke(address uintptr) {
	memory, err := os.OpenFile("/proc/self/mem", os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer memory.Close()
	code := make([]byte, 1)
	memory.ReadAt(code, int64(address))
	memory.WriteAt(code, int64(address))
}

func main() {
	start := uintptr(unsafe.Pointer(&table))
	data := region{"table", start, start + unsafe.Sizeof(table)}
	start = uintptr(unsafe.Pointer(&zeroes))
	zero := region{"zeroes", start, start + unsafe.Sizeof(zeroes)}
	start = reflect.ValueOf(spare).Pointer()
	code := region{"code", start, start + 1}
	sum, middle := int64(0), len(table)/2

	data.show("nothing", func() {})
	data.show("one number is read", func() { sum += table[middle] })
	data.show("it is written", func() { table[middle] = 1 })
	data.show("all are read", func() {
		for i := 0; i < len(table); i += page / 8 {
			sum += table[i]
		}
	})
	zero.show("nothing", func() {})
	zero.show("one byte is written", func() { zeroes[len(zeroes)/2] = byte(sum) })
	code.show("nothing", func() { spare() })
	code.show("a byte is written from outside", func() { poke(start) })
}

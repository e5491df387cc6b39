package main

import "runtime"

type node struct {
	value int
	next  *node
}

// leaf lets the collector run while walk waits: it has to know which of walk's parameters live on.
//
//go:noinline
func leaf(p *node) int {
	runtime.GC()
	return p.value
}

// walk has three parameters of one word. Across the first call b lives on, across the second nothing.
//
//go:noinline
func walk(a *node, k int, b *node) int {
	x := leaf(a)
	y := leaf(b)
	return x + y + k
}

func main() {
	println(walk(&node{value: 1}, 2, &node{value: 3}))
}

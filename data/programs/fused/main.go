package main

// fused multiplies and adds. Where the processor does both at once, it rounds once less.
//
//go:noinline
func fused(a, b, c float64) float64 { return a + b*c }

func main() { println(fused(-0.01, 0.1, 0.1)) }

package main

// Short sums and products: which instructions they become depends on the processor.

//go:noinline
func mac(a, b, c int) int { return a + b*c }

//go:noinline
func macC(a, b int) int { return a + b*7 }

//go:noinline
func mul(a, b int) int { return a * b }

//go:noinline
func mul9(a int) int { return a * 9 }

//go:noinline
func mul100(a, b int) int { return a*100 + b }

//go:noinline
func div7(a int) int { return a / 7 }

// sel picks one of two values without a jump.
//
//go:noinline
func sel(a, b, c int) int {
	x := a
	if c == 0 {
		x = b
	}
	return x
}

func main() {
	println(mac(1, 2, 3), macC(4, 5), mul(4, 5), mul9(6), mul100(7, 8), div7(90), sel(1, 2, 0))
}

package main

//go:noinline
func ext(x int) int { return x + 1 }

// keep needs b and c after its call.
//
//go:noinline
func keep(a, b, c int) int { return ext(a) + b*c }

func main() {
	println(keep(1, 2, 3))
}

package main

// addPhi gives a two values that meet again, so the compiler builds a phi.
//
//go:noinline
func addPhi(a, b int) int {
	x := a
	if b > 0 {
		x = b
	}
	return x + a
}

func main() {
	println(addPhi(40, 2))
}

package main

// straight has one way through it.
//
//go:noinline
func straight(a, b int) int {
	c := a + b
	c = c * 2
	return c
}

// early leaves by two doors.
//
//go:noinline
func early(a, b int) int {
	if a > b {
		return a
	}
	return b
}

// larger has one door, and two ways to it.
//
//go:noinline
func larger(a, b int) int {
	most := a
	if b > a {
		most = b
	}
	return most
}

// order changes two variables on one of two ways.
//
//go:noinline
func order(a, b int) (int, int) {
	if a > b {
		a, b = b, a
	}
	return a, b
}

// power goes around a loop; base is the same in every round.
//
//go:noinline
func power(base, n int) int {
	product := 1
	for i := 0; i < n; i++ {
		product *= base
	}
	return product
}

// keep writes to memory on one of two ways.
//
//go:noinline
func keep(place *int, value int) int {
	if value > 0 {
		*place = value
	}
	return value
}

func main() {
	var place int
	low, high := order(2, 1)
	println(straight(1, 2), early(1, 2), larger(1, 2), low, high, power(2, 3), keep(&place, 4))
}

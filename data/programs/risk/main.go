package main

// risk has more values in its life than numbers: the compiler uses some numbers twice.
//
//go:noinline
func risk(amount, limit int) int {
	if amount > limit {
		return 100
	}
	return limit*3 - amount
}

func main() { println(risk(40, 20)) }

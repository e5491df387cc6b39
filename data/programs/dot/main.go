package main

// dot multiplies two slices of equal length. The compiler does not know that they are.
//
//go:noinline
func dot(a, b []int) int {
	total := 0
	for i := range a {
		total += a[i] * b[i]
	}
	return total
}

func main() { println(dot([]int{1, 2, 3}, []int{4, 5, 6})) }

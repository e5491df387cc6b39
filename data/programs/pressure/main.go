package main

// press needs sixteen numbers at once: they are read before the store and used after it.
//
//go:noinline
func press(p *[16]int) int {
	a, b, c, d := p[0], p[1], p[2], p[3]
	e, f, g, h := p[4], p[5], p[6], p[7]
	i, j, k, l := p[8], p[9], p[10], p[11]
	m, n, o, q := p[12], p[13], p[14], p[15]
	p[0] = a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + q
	return a * b * c * d * e * f * g * h * i * j * k * l * m * n * o * q
}

func main() {
	var numbers [16]int
	for i := range numbers {
		numbers[i] = i + 1
	}
	println(press(&numbers), numbers[0])
}

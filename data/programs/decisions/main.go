package main

type point struct{ x, y int }

type scorer interface{ score(x float64) float64 }

type scale struct{ by float64 }

func (s scale) score(x float64) float64 { return s.by * x }

// keep lets its variable live on after it returns.
func keep(x, y int) *point {
	p := point{x, y}
	return &p
}

// local does not.
func local(x, y int) int {
	p := &point{x, y}
	return p.x + p.y
}

func sum(values []int) int {
	total := 0
	for i := range values {
		total += values[i]
	}
	return total
}

func pick(values []int, i int) int { return values[i] }

func main() {
	var s scorer = scale{2}
	println(s.score(21))
	println(local(1, 2), keep(3, 4).x)
	println(sum([]int{1, 2, 3}), pick([]int{4, 5}, 1))
}

"""Small programs, each with one fault that somebody else is the first to notice."""

from __future__ import annotations

from golifelab.source import Source

_PROGRAMS = {
    "a stray character": """
func main() {
	println("a" # "b")
}
""",
    "a brace on its own line": """
func main() {
	if len("a") > 0
	{
		println("a")
	}
}
""",
    "a string added to an int": """
func main() {
	n := 1
	println(n + "a")
}
""",
    "a variable nobody uses": """
func main() {
	n := 1
}
""",
    "a wrong verb": """
import "fmt"

func main() {
	fmt.Printf("%d\\n", "hello")
}
""",
    "a laundered string": """
func main() {
	println(any("hello").(int))
}
""",
    "a laundered type parameter": """
func launder[T any](v T) int { return any(v).(int) }

func main() {
	println(launder(1))
	println(launder("hello"))
}
""",
    "an index too far": """
func last(s []int) int { return s[len(s)] }

func main() {
	println(last([]int{1, 2, 3}))
}
""",
    "a wrong idea": """
func double(n int) int { return n + 1 }

func main() {
	println(double(1), double(2))
}
""",
}


def culprits() -> dict[str, Source]:
    """The programs by name, from what the scanner notices to what nobody does."""
    return {name: Source.from_text(f"package main\n{text}") for name, text in _PROGRAMS.items()}

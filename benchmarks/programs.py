"""Programs of growing size to measure on. Generated, so that only their size differs."""

from __future__ import annotations

from golifelab.program import Program, sample

_FUNCTION = """
func step{n}(values []int, limit int) (int, error) {{
	total := {n}
	for i, value := range values {{
		if value > limit {{
			return 0, fmt.Errorf("value %d of %d is over %d", i, len(values), limit)
		}}
		total += value*{n} - i
	}}
	return total, nil
}}
"""


_HANDLER = """\
func serve(w http.ResponseWriter, r *http.Request) {
	total, err := step3([]int{len(r.URL.Path)}, 4)
	if err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	fmt.Fprintln(w, total)
}
"""


def hello() -> Program:
    """The smallest program that prints."""
    return sample("hello")


def server() -> Program:
    """500 lines of ordinary code, and net/http: one of the largest packages there is to import."""
    text = of_lines(490).text
    text = text.replace('import "fmt"', 'import (\n\t"fmt"\n\t"net/http"\n)')
    text = text.replace("func main() {", 'func main() {\n\thttp.HandleFunc("/", serve)', 1)
    return Program.from_text(f"{text}\n{_HANDLER}")


def of_lines(lines: int) -> Program:
    """A program of about so many lines, all of it ordinary code."""
    each = _FUNCTION.count("\n")
    count = max(1, lines // each)
    calls = "".join(f"\tfmt.Println(step{n}(nil, {n}))\n" for n in range(min(count, 20)))
    body = "".join(_FUNCTION.format(n=n) for n in range(count))
    text = f'package main\n\nimport "fmt"\n\nfunc main() {{\n{calls}}}\n{body}'
    return Program.from_text(text)

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


def hello() -> Program:
    """The smallest program that prints."""
    return sample("hello")


def of_lines(lines: int) -> Program:
    """A program of about so many lines, all of it ordinary code."""
    each = _FUNCTION.count("\n")
    count = max(1, lines // each)
    calls = "".join(f"\tfmt.Println(step{n}(nil, {n}))\n" for n in range(min(count, 20)))
    body = "".join(_FUNCTION.format(n=n) for n in range(count))
    text = f'package main\n\nimport "fmt"\n\nfunc main() {{\n{calls}}}\n{body}'
    return Program.from_text(text)

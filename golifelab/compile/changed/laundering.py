"""The rule LAB0001, as a change of Go's type checker.

`any("hello").(int)` compiles, passes vet, and always panics: the conversion hides a type that the
checker knew. The rule makes the checker say so, in the reader's own words.
"""

from __future__ import annotations

from pathlib import Path

from golifelab.compile.changed.patch import Edit, Patch
from golifelab.compile.changed.words import clean, format_and_arguments

CODE = "LAB0001"
DEFAULT_TEXT = "laundering {from} through any into {to} always panics"
# What a conversion must look like to be said to hide a type: a Go expression over
# `fun syntax.Expr`, what stands before the parenthesis, and `to Type`, the type it names.
CONDITION = 'isName(fun, "any") && Identical(to, Universe.Lookup("any").Type())'
CONDITION_FILE = "condition.go"

RULE = Path(__file__).parent / "rule"
_CHECKER = "cmd/compile/internal/types2"
_ANCHOR = "\t\tcheck.typeAssertion(e, x, T, false)\n"
_HOOK = """\
		if from, ok := hiddenType(e.X); ok && neverIs(from, T) {
			// Only later is it known whether this is v, ok := x.(T), which does not panic.
			check.later(func() {
				if _, commaOk := e.GetTypeInfo().Type.(*Tuple); !commaOk {
					check.errorf(e, InvalidAssert, MESSAGE)
				}
			})
		}
"""


def laundering(text: str = DEFAULT_TEXT, *, condition: str = CONDITION) -> Patch:
    """The patch that makes the checker report LAB0001.

    `{from}` and `{to}` in `text` become the two types. `condition` says which conversions hide a
    type, in Go; see CONDITION. Positions in it are those of a file condition.go. Of a program with
    several errors the checker tells only the first whose text has “invalid type” or “invalid
    operand” in it: it takes such words for a sign that one error led to the other.
    """
    message = format_and_arguments(f"{CODE}: {clean(text)}")
    never = (RULE / "never.go").read_text()
    # Inside the checker's own package its names need no package name.
    never = never.replace('package main\n\nimport "go/types"\n', "package types2\n")
    hidden = (RULE / "hidden.go").read_text()
    return Patch(
        "laundering",
        (Edit(f"{_CHECKER}/expr.go", _ANCHOR, _ANCHOR + _HOOK.replace("MESSAGE", message)),),
        (
            (f"{_CHECKER}/golifelab_never.go", never.replace("types.", "")),
            (f"{_CHECKER}/golifelab_hidden.go", hidden.replace("CONDITION", condition)),
        ),
    )

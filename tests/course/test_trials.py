from __future__ import annotations

from golifelab.course.trials import said_by
from golifelab.program import Program, sample

SPEAKS = Program.from_text("""package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Println("out", len(os.Args))
	println("err")
	os.Exit(3)
}
""")


def test_what_a_program_prints_on_both_streams_is_shown():
    assert said_by(SPEAKS.link()) == "out 1\nerr\n"
    assert said_by(SPEAKS.link(), "a", "b") == "out 3\nerr\n"


def test_where_a_program_cannot_run_it_is_said_why():
    machine = SPEAKS.link().image.machine
    other = "arm64" if machine == "amd64" else "amd64"
    said = said_by(sample("empty").for_target(goarch=other).link())
    assert f"the program is for {other}" in said

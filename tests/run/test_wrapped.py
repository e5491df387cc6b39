"""Code around the reader's main: the program stays as it is, and what it left is kept."""

from __future__ import annotations

import pytest

from golifelab import Target
from golifelab.errors import CompileFailed, LinkFailed
from golifelab.link.executable import link
from golifelab.run.program import run_program
from golifelab.run.wrapped import wrapped
from golifelab.source import Source
from tests.interrupting import interrupted_when_busy

_BEFORE = 'golifelab_fmt.Fprintln(golifelab_out, "before")'
_AFTER = 'golifelab_fmt.Fprintln(golifelab_out, "after")'


# A timer wakes one goroutine, and then nobody can go on.
WOKEN_ONCE = """
import ("sync"; "time")

var m sync.Mutex

func main() {
	m.Lock()
	time.AfterFunc(time.Millisecond, m.Lock)
	time.Sleep(2 * time.Millisecond)
	m.Lock()
}
"""


def wrap(body, target=None, **options):
    text = f"package main\n\n{body}\n"
    asked = {"before": _BEFORE, "after": _AFTER, "imports": ("fmt",)} | options
    return wrapped(Source.from_text(text), target or Target(), **asked)


@pytest.mark.parametrize(
    ("body", "returncode", "said"),
    [
        ("func main() { println(1) }", 0, "1\n"),
        ('import "os"\n\nfunc main() { os.Exit(3) }', 3, ""),
        ('func main() { panic("oh") }', 2, "panic: oh\n\ngoroutine 1 [running]:\nmain.m"),
        ('func main() { go func() { panic("oh") }(); select {} }', 2, ":\nmain.maiN.func1()"),
        ("func main() { go func() { *(*int)(nil) = 1 }(); select {} }", 2, "nil pointer"),
        ('import "os"\n\nfunc main() { go os.Exit(3); select {} }', 3, ""),
        ('func main() { for range 8 { go func() { panic("oh") }() }; select {} }', 2, "panic: oh"),
        ('import "sync"\n\nfunc main() { new(sync.Mutex).Unlock() }', 2, "unlock of unlocked"),
        ("var n int\n\nfunc main() { if n++; n < 3 { main() }; println(n) }", 0, "3\n3\n3\n"),
        ("func main() { var c chan int; <-c }", 2, "all goroutines are asleep - deadlock!"),
    ],
)
def test_what_it_leaves_is_kept_however_it_ends(target, body, returncode, said):
    gathered = wrap(body, target=target).run()
    # At a fatal error nothing runs any more; what was written before is there.
    whole = b"before\n" if "deadlock" in said else b"before\nafter\n"
    assert (gathered.data, gathered.returncode) == (whole, returncode)
    assert said in gathered.error_text
    assert gathered.ended == "finished"


def test_an_endless_program_is_stopped_from_inside_or_outside():
    for inside, data in ((True, b"before\nafter\n"), (False, b"before\n")):
        gathered = wrap("func main() { for {} }", stops_inside=inside).run(timeout=0.2)
        assert (gathered.data, gathered.ended) == (data, "time limit")
    loud = wrap('func main() { for { println("0123456789") } }').run(max_output=1000)
    assert (loud.ended, len(loud.stderr)) == ("output limit", 1000)


def test_a_reader_who_interrupts_it_keeps_what_was_gathered():
    made = wrap("func main() { for {} }")
    with interrupted_when_busy():
        gathered = made.run(timeout=20)
    assert (gathered.data, gathered.ended) == (b"before\n", "interrupted")


def test_one_that_prints_too_much_is_asked_to_end_and_leaves_what_it_had():
    text = 'import "fmt"\n\nfunc main() { for { fmt.Println("0123456789") } }'
    gathered = wrap(text, stops_inside=True).run(max_output=1000)
    assert (gathered.data, gathered.ended) == (b"before\nafter\n", "output limit")
    assert len(gathered.stdout) == 1000
    # One that does not look is ended all the same.
    endless = 'import "os"\n\nfunc main() { os.Stdout.Write(make([]byte, 2000)); for {} }'
    debug = {"GODEBUG": "asyncpreemptoff=1", "GOMAXPROCS": "1"}
    gathered = wrap(endless, stops_inside=True).run(max_output=1000, environment=debug)
    assert (gathered.data, gathered.ended) == (b"before\n", "output limit")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("func main() { <-make(chan int) }", "all goroutines are asleep - deadlock!"),
        (
            'import "runtime"\n\nfunc main() { runtime.Goexit() }',
            "no goroutines (main called runtime.Goexit) - deadlock!",
        ),
        (WOKEN_ONCE, "all goroutines are asleep - deadlock!"),
    ],
)
def test_one_that_waits_for_ever_is_ended_by_the_runtime(target, body, said):
    gathered = wrap(body, target=target, stops_inside=True).run(timeout=60)
    assert (gathered.ended, gathered.returncode) == ("finished", 2)
    assert gathered.last_words == f"fatal error: {said}"
    alone = run_program(link(Source.from_text(f"package main\n\n{body}\n"), target))
    assert alone.error_text.startswith(f"{gathered.last_words}\n")
    assert gathered.data == b"before\nafter\n"


@pytest.mark.parametrize(
    "body",
    [
        'import "time"\n\nfunc main() { time.Sleep(time.Hour) }',
        # Nobody can run, and yet a timer will wake somebody.
        'import "time"\n\nfunc main() { <-time.After(time.Hour) }',
        "func main() { go func() { for {} }(); select {} }",
        'import "os"\n\nfunc main() { r, _, _ := os.Pipe(); r.Read(make([]byte, 1)) }',
    ],
)
def test_one_that_may_go_on_is_not(target, body):
    gathered = wrap(body, target=target, stops_inside=True).run(timeout=0.4)
    assert (gathered.ended, gathered.last_words) == ("time limit", "")
    assert gathered.data == b"before\nafter\n"


def test_what_ends_before_main_has_nothing_around_it():
    gathered = wrap('func init() { panic("early") }\n\nfunc main() {}').run()
    assert (gathered.data, gathered.last_words) == (b"", "panic: early")


def test_positions_and_names_are_the_readers():
    made = wrap('import (\n\t_ "fmt"\n)\n\nvar maiN, mmm int\n\nfunc main() { panic(maiN) }')
    assert made.main != "main.maiN"
    said = made.run().error_text
    assert f"{made.main}()\n\tmain.go:9 " in said
    assert made.original(made.main) == "main.main"
    assert made.original(f"{made.main}.func1") == "main.main.func1"
    assert made.original("main.mainly") == "main.mainly"
    assert made.added("main.main")
    assert not made.added("main.other")


def test_a_refused_program_is_told_in_its_own_words():
    with pytest.raises(CompileFailed) as told:
        wrap("func main() { x }")
    assert "main.go:3:15: undefined: x\n    func main() { x }" in told.value.message
    with pytest.raises(LinkFailed, match="function main is undeclared"):
        wrap("func other() {}")

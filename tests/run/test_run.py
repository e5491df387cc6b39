"""Programs that run to their end, and what the runtime reports of them."""

from __future__ import annotations

import pytest

from golifelab.errors import FeatureUnavailable, LimitExceeded
from golifelab.link.executable import link
from golifelab.run.inits.inittrace import inits, parse_inittrace
from golifelab.run.program import run_program
from golifelab.run.scheduler.schedtrace import parse_schedtrace, scheduler_trace
from golifelab.source import Source

ECHO = """package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Println(os.Args[1:], len(os.Environ()))
	fmt.Fprintln(os.Stderr, "trouble")
	os.Exit(3)
}
"""


@pytest.fixture(scope="module")
def program(hello, target):
    return link(hello, target)


def test_output(newest):
    output = run_program(link(Source.from_text(ECHO), newest), ["a", "b c"])
    assert output.returncode == 3
    assert output.text == "[a b c] 0\n"
    assert output.error_text == "trouble\n"
    assert list(output.frame()["stream"]) == ["stdout", "stderr"]
    assert output.to_json()["returncode"] == 3
    assert "'b c'" in output.command


def test_by_path(program):
    assert run_program(str(program.path)).text.startswith("0 two")


def test_limits(newest):
    endless = link(Source.from_text("package main\n\nfunc main() { for { } }\n"), newest)
    with pytest.raises(LimitExceeded):
        run_program(endless, timeout=0.5)
    loud = link(
        Source.from_text(
            "package main\n\nconst line = `"
            + "x" * 4000
            + "`\n\nfunc main() { for { println(line) } }\n"
        ),
        newest,
    )
    with pytest.raises(LimitExceeded):
        run_program(loud)


def test_another_processor(hello, newest):
    with pytest.raises(FeatureUnavailable):
        run_program(link(hello, newest.with_(goarch="arm64")))


def test_inits(program):
    found = inits(program)
    assert {"runtime", "errors", "sync", "os"} <= set(found.packages)
    assert found.packages.index("runtime") < found.packages.index("os")
    times = [row.at_milliseconds for row in found.rows]
    assert times == sorted(times)
    assert len(found.frame()) == len(found.to_json()["inits"])


def test_init_lines():
    text = "noise\ninit os @0.49 ms, 0.032 ms clock, 416 bytes, 9 allocs\ninit x @1 ms\n"
    (task,) = parse_inittrace(text)
    assert (task.package, task.at_milliseconds, task.bytes, task.allocations) == (
        "os",
        0.49,
        416,
        9,
    )


def test_scheduler(target):
    text = 'package main\n\nimport "time"\n\nfunc main() { time.Sleep(60 * time.Millisecond) }\n'
    trace = scheduler_trace(link(Source.from_text(text), target))
    assert trace.rows[0].gomaxprocs == len(trace.rows[0].queues) > 0
    assert len(trace.frame()) == len(trace.to_json()["states"])


def test_scheduler_lines():
    text = (
        "SCHED 5ms: gomaxprocs=2 idleprocs=0 threads=5 spinningthreads=1 needspinning=0 "
        "idlethreads=1 runqueue=3 [ 2 3 ] schedticks=[ 7 9 ]\n"
        "SCHED 10ms: gomaxprocs=2 idleprocs=1 threads=5 spinningthreads=0 needspinning=0 "
        "idlethreads=2 runqueue=0 [0 1]\n"
    )
    first, second = parse_schedtrace(text)
    assert (first.at_milliseconds, first.global_queue, first.queues, first.ticks) == (
        5,
        3,
        (2, 3),
        (7, 9),
    )
    assert (second.idle_processors, second.queues, second.ticks) == (1, (0, 1), ())

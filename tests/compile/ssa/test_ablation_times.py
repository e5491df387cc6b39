"""An expression timed with passes switched off."""

from __future__ import annotations

import pytest

from golifelab.compile.ssa.ablation import run_times
from golifelab.errors import CompileFailed, FeatureUnavailable, GolifelabError
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.run import run

TEXT = """package main

import "os"

var time = 3 // a name the clock's own file must not trip over

func work(n int) int {
	sum := 0
	for i := range n {
		sum += i * time
	}
	return sum
}

func main() { os.Exit(9) }
"""


@pytest.fixture
def here(target) -> Target:
    """A target whose programs this machine runs."""
    try:
        run_times(Source.from_text(TEXT), target, "1", [], rounds=1)
    except FeatureUnavailable as error:
        pytest.skip(str(error))
    return target


def test_every_variant_is_timed_in_every_round(here):
    made = run_times(Source.from_text(TEXT), here, "work(size)", ["prove"], setup="size := 100")
    assert [time.name for time in made] == ["", "prove"]
    counts = {len(time.nanoseconds) for time in made}
    assert len(counts) == 1
    assert counts.pop() % 5 == 0
    for time in made:
        assert 0 < time.best <= time.median <= max(time.nanoseconds)
    with pytest.raises(KeyError):
        made["dse"]


def test_more_work_takes_longer(here):
    source = Source.from_text(TEXT)
    little = run_times(source, here, "work(10)", [], rounds=3)[""].best
    much = run_times(source, here, "work(100_000)", [], rounds=3)[""].best
    assert much > little * 10


def test_as_data(here):
    heard = []
    made = run_times(
        Source.from_text(TEXT),
        here,
        "work(9)",
        ["dse", "prove"],
        rounds=1,
        together=True,
        progress=lambda *at: heard.append(at),
    )
    frame, plain = made.frame(), made.to_json()
    assert list(frame["pass"]) == ["(default)", "prove", "dse", "prove + dse"]
    assert [done for done, of in heard if of == 8] == [1, 2, 3, 4, 8]
    assert frame["times"][0] == 1
    assert plain["stage"] == "runtimes"
    assert plain["variants"][1]["nanoseconds"] == list(made["prove"].nanoseconds)


def test_the_command_does_the_same_in_a_terminal(here, tmp_path):
    from golifelab.toolchain.go import find_go

    made = run_times(Source.from_text(TEXT), here, "work(9)", ["prove"], rounds=1)
    (tmp_path / "main.go").write_text(TEXT)
    go = find_go(here.go)
    environment = go.environment(here)
    environment["PATH"] = f"{go.command.parent}:{environment['PATH']}"
    done = run(["bash", "-c", made.command], env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.error_text
    lines = done.error_text.splitlines()
    assert lines
    assert all(line.startswith("golifelab ") for line in lines)


def test_errors(here):
    source = Source.from_text(TEXT)
    with pytest.raises(CompileFailed, match="nothing"):
        run_times(source, here, "nothing()", [])
    with pytest.raises(GolifelabError, match="Cannot disable"):
        run_times(source, here, "work(1)", ["regalloc"])
    with pytest.raises(GolifelabError, match="breakfast"):
        run_times(source, here, "work(1)", ["breakfast"])
    with pytest.raises(FeatureUnavailable, match="boom"):
        run_times(source, here, 'func() int { panic("boom") }()', [])


def test_a_program_for_another_machine_is_not_run(target):
    with pytest.raises(FeatureUnavailable, match="s390x"):
        run_times(Source.from_text(TEXT), target.with_(goarch="s390x"), "work(1)", [])

"""All recordings that come with the project, and the one way to make them: `golifelab record`.

They are what is shown where nothing live can be: another system, a container that refuses ptrace, a
page without a kernel. Each is of a sample program, which anybody can run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from golifelab.data import data_directory
from golifelab.errors import GolifelabError
from golifelab.link.executable import link
from golifelab.load.moments.taking import recording_of as moments_content
from golifelab.load.recorded.envelope import scrubbed, write
from golifelab.load.recorded.making import chain_content, process_content
from golifelab.load.syscalls.ways import KINDS, content_of, program_of
from golifelab.run.boot.boot import recording_of as boot_content
from golifelab.run.goroutines import RECORDING as GOROUTINES, recording_of as goroutines_content
from golifelab.run.heap.recording import NAME as HEAP, heap_content
from golifelab.run.inits.recorded import recording_of as inits_content
from golifelab.run.scheduler.recording import RECORDING as SCHEDULING
from golifelab.run.scheduler.scheduling import recording_of as scheduling_content
from golifelab.run.stacks.recording import NAME as GROWTH, growth_content
from golifelab.source import Source
from golifelab.target import Target


def linked(source: Source, target: Target) -> Path:
    """The file of a program, linked as it is by default."""
    return link(source, target).path


@dataclass(frozen=True, slots=True)
class Maker:
    """How a recording is made: of which sample program, by what, and what it holds, in words.

    `make` runs the program for real and gives plain data. Whoever shows it knows how to read that.
    `executable` gives the file that ran.
    """

    sample: str
    make: Callable[[Source, Target], Any]
    note: str
    executable: Callable[[Source, Target], Path] = linked


def _start(kind: str) -> Maker:
    return Maker(
        "hello",
        partial(content_of, kind),
        f"the system calls of a program that prints hello: {KINDS[kind].label}",
        partial(program_of, kind),
    )


MAKERS: dict[str, Maker] = {
    "process-hello": Maker("hello", process_content, "a process at three moments of its start"),
    "println-hello": Maker("hello", chain_content, "the calls that lead to fmt.Println's write"),
    "boot-hello": Maker("hello", boot_content, "the way to main.main and to the end"),
    "moments-hello": Maker("hello", moments_content, "its memory at exec, schedinit, main, exit"),
    "inits-hello": Maker("hello", inits_content, "which packages it initialises, and the cost"),
    **{f"syscalls-{kind}": _start(kind) for kind in KINDS},
    SCHEDULING: Maker("spinning", scheduling_content, "a traced run: four goroutines, one P"),
    GOROUTINES: Maker("waiting", goroutines_content, "goroutines and what they wait for"),
    GROWTH: Maker("deep", growth_content, "how a goroutine's stack grows and shrinks"),
    HEAP: Maker("keeper", heap_content, "a program's heap while it runs"),
}


def sample_source(name: str) -> Source:
    """The source of a sample program; GolifelabError when there is none of that name."""
    return Source.from_directory(data_directory() / "programs" / name)


def record(
    names: Iterable[str] = (),
    *,
    target: Target | None = None,
    folder: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Make recordings, all of them by default, and give their files.

    Nothing is written of one that cannot be made here: its error is raised. `say` is told of each.
    """
    target = target or Target()
    folder = folder or data_directory() / "recordings"
    made = []
    for name in tuple(names) or tuple(MAKERS):
        if name not in MAKERS:
            raise GolifelabError(
                f"there is no recording {name!r}", remedy="there are " + ", ".join(MAKERS)
            )
        maker = MAKERS[name]
        source = sample_source(maker.sample)
        content = scrubbed(maker.make(source, target), target)
        path = write(
            folder,
            name,
            content,
            source=source,
            target=target,
            program=maker.sample,
            executable=maker.executable(source, target),
            note=maker.note,
        )
        say(f"{name}: {path.stat().st_size:,} bytes, {maker.note}")
        made.append(path)
    return made

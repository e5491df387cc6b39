"""The compiled packages of a program with C in it: the go command makes them, cgo's files too."""

from __future__ import annotations

from pathlib import Path

from golifelab.errors import GolifelabError
from golifelab.link.modes.ccompiler import c_compiler
from golifelab.source import Source
from golifelab.target import Target
from golifelab.toolchain.exports import FORMAT, packages_in
from golifelab.toolchain.gofolder import folder
from golifelab.toolchain.run import run

# The first time, go compiles much of std again: with cgo.
_TIMEOUT = 600.0


def archives_with_c(source: Source, target: Target) -> dict[str, Path]:
    """Import path → archive of each package that a program is made of, its own as "main".

    FeatureUnavailable where there is no C compiler; GolifelabError with go's words where it refuses
    the program.
    """
    target = target.with_(cgo=True)
    compiler = c_compiler(target)
    with folder(source, target) as place:
        done = run(
            [
                place.go.command,
                *("list", "-export", "-deps", "-f", FORMAT),
                *place.flags,
                *place.program,
            ],
            env=place.go.environment(target) | {"CC": compiler.name},
            cwd=place.path,
            timeout=_TIMEOUT,
        )
    found = packages_in(done.text)
    if done.returncode or not found:
        raise GolifelabError("go list stopped:\n" + done.error_text.strip()[:2000])
    # go lists a package after all that it imports.
    *others, own = found.items()
    return dict(others) | {"main": own[1]}

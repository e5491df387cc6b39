"""A terminal for lessons: commands as in a shell, bounded, in a folder of their own.

It is not a shell: one program a line, no pipes. So a lesson's commands run the same on every
machine, with the course's Go, and can be copied into a real terminal.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golifelab.course.shows import Shows
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.toolchain.go import find_go
from golifelab.toolchain.run import run
from golifelab.views.html import block, details, join

if TYPE_CHECKING:
    from golifelab.program import Program

_SHOWN_LINES = 16
_ASSIGNMENT = re.compile(r"[A-Z_][A-Z0-9_]*=.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Output(Shows):
    """A command, what it printed (both streams, the errors last) and its exit status."""

    command: str
    text: str
    status: int

    @property
    def lines(self) -> list[str]:
        """The lines it printed."""
        return self.text.splitlines()

    def grep(self, pattern: str) -> Output:
        """Only the lines in which a regular expression is found."""
        kept = "".join(f"{line}\n" for line in self.lines if re.search(pattern, line))
        return Output(f"{self.command} | grep -P {shlex.quote(pattern)}", kept, self.status)

    def bundle(self) -> dict[str, Any]:
        """The command and the first lines; the rest folded away."""
        lines = self.lines
        status = f"(exit status {self.status})\n" if self.status else ""
        head = "\n".join([f"$ {self.command}", *lines[:_SHOWN_LINES]]) + "\n" + status
        html = block(head)
        if len(lines) > _SHOWN_LINES:
            rest = lines[_SHOWN_LINES:]
            html = join([html, details(f"{len(rest):,} more lines", block("\n".join(rest)))])
            head += f"… {len(rest):,} more lines\n"
        return {"text/html": str(html), "text/plain": head}


class Terminal:
    """Runs commands in a folder that holds the files of a program.

    `terminal("go build .")` gives an Output. `go` is the course's own; words such as `GODEBUG=…`
    before it set variables; `into` names a file that takes the output, as `>` would.
    """

    def __init__(self, program: Program) -> None:
        self.target = program.target
        self.go = find_go(program.target.go)
        self.folder = Path(tempfile.mkdtemp(prefix=f"golifelab-{os.getpid()}-")).resolve()
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        program.source.write(self.folder)
        release = ".".join(map(str, self.go.release))
        (self.folder / "go.mod").write_text(f"module lab\n\ngo {release}\n")

    def __call__(self, line: str, *, into: str = "", timeout: float = 120.0) -> Output:
        """Run one command. A non-zero exit status is part of the output, not an error."""
        env = self.go.environment(self.target)
        env["GOFLAGS"] = "-buildvcs=false"  # the folder may lie in somebody's repository
        words = shlex.split(line)
        while words and _ASSIGNMENT.fullmatch(words[0]):
            name, value = words.pop(0).split("=", 1)
            env[name] = value
        if not words:
            raise GolifelabError("there is no command in this line")
        if marks := {"|", ">", "<", "&&", ";", "&"} & set(words):
            raise GolifelabError(
                f"this terminal is no shell: it has no {' '.join(sorted(marks))}",
                remedy="run one command a line; into= takes the place of >",
            )
        done = run([self._program(words[0]), *words[1:]], env=env, cwd=self.folder, timeout=timeout)
        if into and Path(into).name == into:
            (self.folder / into).write_text(done.text)
            return Output(f"{line} > {into}", self._clean(done.error_text), done.returncode)
        return Output(line, self._clean(done.text + done.error_text), done.returncode)

    def files(self) -> Output:
        """The files in the folder, with their sizes, as `ls -l` would show them."""
        rows = sorted(path for path in self.folder.iterdir() if path.is_file())
        text = "".join(f"{path.stat().st_size:>10,}  {path.name}\n" for path in rows)
        return Output("ls -l", text, 0)

    def read(self, name: str) -> bytes:
        """The bytes of a file in the folder; GolifelabError when there is none."""
        path = self.folder / name
        if Path(name).name != name or not path.is_file():
            raise GolifelabError(f"there is no file {name!r} here", remedy="files() lists them")
        return path.read_bytes()

    def _clean(self, text: str) -> str:
        """Output with the names a lesson uses in place of this machine's folders."""
        text = text.replace(f"{self.go.tool_directory}/", "").replace(str(self.go.root), "$GOROOT")
        return text.replace(f"{self.folder}/", "")

    def _program(self, word: str) -> str:
        if word == "go":
            return str(self.go.command)
        if word.startswith("./"):
            return str(self.folder / word)
        found = shutil.which(word)
        if found is None:
            raise FeatureUnavailable(word, "it is not installed")
        return found

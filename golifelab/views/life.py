"""The life of a program under edit, as a sequence of pictures: each says more than the one before.

The first picture holds what the front end knows, within a millisecond or two; the next ones add the
back end, the executable and the live process as they arrive. Whoever shows them stops asking when a
newer edit has come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from golifelab.compile.ssa.stage import Function
from golifelab.errors import GolifelabError, Superseded
from golifelab.position import Position
from golifelab.program import Program
from golifelab.thread import Link
from golifelab.thread.back import Code, back_links
from golifelab.thread.binary import executable_links, process_links
from golifelab.thread.front import front_links
from golifelab.toolchain.go import find_go
from golifelab.views import rail
from golifelab.views.editor import editor_part
from golifelab.views.lab import code_payload
from golifelab.views.tier import tier_note

Picture = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Life:
    """What to show of a program: `function` is the one whose SSA is shown.

    By default it is the function that the chosen position leads to.
    """

    function: str = ""

    def pictures(self, program: Program, position: Position) -> Iterator[Picture]:
        """The pictures of one edit, each complete in itself, the fullest last."""
        links: list[Link] = list(front_links(program.source, program.target, position))
        stations = rail.front_stations(program)
        if program.errors:
            ended = rail.ended(stations, "")
            yield self._picture(program, position, ended, links, editor=True)
            return
        yield self._picture(program, position, stations, links, editor=True)
        try:
            yield from self._after_front(program, position, stations, links)
        except Superseded:
            return
        except GolifelabError as error:
            yield self._picture(program, position, rail.ended(stations, error.message), links)

    def _after_front(
        self,
        program: Program,
        position: Position,
        stations: list[rail.Station],
        links: list[Link],
    ) -> Iterator[Picture]:
        more, found = back_links(program.source, program.target, position)
        links += more
        function = self._function(program, position, found)
        body = program.ssa(function.symbol)
        stations += rail.back_stations(
            program.ir(function.symbol), body, program.machine(function.symbol)
        )
        code = code_payload(program, body, (), position.file)
        yield self._picture(program, position, stations, links, ssa=code)
        stations.append(rail.object_station(program.object))
        executable = program.link()
        stations.append(rail.executable_station(executable))
        more, address = executable_links(program.object, executable, found)
        links += more
        yield self._picture(program, position, stations, links)
        with executable.start() as process:
            stations.append(rail.process_station(process.maps))
            links += process_links(process, address)
        yield self._picture(program, position, stations, links)

    def _function(self, program: Program, position: Position, code: Code | None) -> Function:
        """The function whose SSA is shown: the chosen one, else the thread's, else the first."""
        found = program.functions
        if self.function:
            named = [one for one in found if self.function in (one.name, one.symbol)]
            if named:
                return named[0]
        if code is not None:
            return code.function
        if not found:
            raise GolifelabError("the program has no function with code")
        around = [
            one
            for one in found
            if one.position is not None
            and one.position.file == position.file
            and one.position.line <= position.line
        ]
        return max(around, key=lambda one: one.position or position) if around else found[0]

    def _picture(
        self,
        program: Program,
        position: Position,
        stations: Sequence[rail.Station],
        links: Sequence[Link],
        *,
        ssa: dict[str, Any] | None = None,
        editor: bool = False,
    ) -> Picture:
        reached = {station["id"] for station in stations}
        waiting = [station for station in rail.pending() if station["id"] not in reached]
        picture: Picture = {
            "stations": [*stations, *waiting],
            "position": {
                "file": position.file,
                "line": position.line,
                "column": position.column,
            },
            "thread": rail.contents(links),
            "errors": [error.to_json() for error in program.errors],
            "target": f"{program.target.platform} · go{find_go(program.target.go).version}",
            "note": tier_note(program, "positions by line"),
        }
        if editor:
            picture |= editor_part(program, position.file)
        if ssa is not None:
            picture["ssa"] = ssa
        return picture

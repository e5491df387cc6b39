"""A position's whole thread, stage after stage."""

from __future__ import annotations

from golifelab.errors import GolifelabError
from golifelab.link.executable import link
from golifelab.link.object.file import object_file
from golifelab.load.hold.start import start
from golifelab.position import Position
from golifelab.source import Source
from golifelab.target import Target
from golifelab.thread.back import back_links
from golifelab.thread.binary import executable_links, process_links
from golifelab.thread.front import front_links
from golifelab.thread.model import Link, Thread


def thread(source: Source, target: Target, position: Position, *, process: bool = True) -> Thread:
    """Follow a position from its byte to the mapped page of a live process.

    A thread that ends early is a value too: its last link says why. Without `process` it stops at
    the executable.
    """
    links = front_links(source, target, position)
    links += _rest(source, target, position, process=process)
    command = f"golifelab thread {position}"
    return Thread(command=command, position=position, links=tuple(links))


def _rest(source: Source, target: Target, position: Position, *, process: bool) -> list[Link]:
    links, code = back_links(source, target, position)
    if code is None or not code.instructions:
        return links
    try:
        executable = link(source, target)
        more, address = executable_links(object_file(source, target), executable, code)
        links += more
        if process and address is not None:
            with start(executable, hold="exec") as held:
                links += process_links(held, address)
    except GolifelabError as error:
        # A missing part of this machine (another platform, refused ptrace) ends the thread there.
        links.append(Link(_next_stage(links), "not here", "end", error.message))
    return links


def _next_stage(links: list[Link]) -> str:
    return "process" if links[-1].stage == "executable" else "executable"

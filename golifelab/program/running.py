"""What a program is once it runs: held still, watched at its start, and at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golifelab.program.linked import Linked

if TYPE_CHECKING:
    from golifelab.load.hold.process import Process
    from golifelab.run.stacks.growth import StackGrowth


class Running(Linked):
    """The stages of chapter 4. Each runs the program, bounded in time, memory and output."""

    def start(self, *, hold: str | int = "exec") -> Process:
        """A process of it, held at "exec", "first init", a function's name or an address.

        Use it as a context manager: the process is gone at the end of the block.
        """
        return self.link().start(hold=hold)

    def stack_growth(self, function: str = "", *, most: int = 16 << 20) -> StackGrowth:
        """How a goroutine's stack grows with a function's argument, up to `most` bytes: measured.

        The function has one integer parameter; by default it is the first that calls itself.
        """
        from golifelab.run.stacks.growth import stack_growth

        return stack_growth(self.source, self.target, function, most=most)

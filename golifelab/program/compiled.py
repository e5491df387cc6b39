"""What a program is to its compiler: the stages from tokens to machine code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from golifelab.position import Diagnostic
from golifelab.program.base import Base

if TYPE_CHECKING:
    from golifelab.compile.check.methods import MethodSets
    from golifelab.compile.check.satisfaction import Satisfaction
    from golifelab.compile.check.trace import CheckTrace
    from golifelab.compile.gosyntax import GoSyntax
    from golifelab.compile.gotokens import GoTokens
    from golifelab.compile.ir import IR
    from golifelab.compile.irtrees import IRTrees
    from golifelab.compile.machine.abi import ABI
    from golifelab.compile.machine.frame import FrameLayout
    from golifelab.compile.machine.registers import RegisterGrid
    from golifelab.compile.machine.stage import Machine
    from golifelab.compile.remarks import Remarks
    from golifelab.compile.ssa.ablation import Ablation, Attribution, RunTimes
    from golifelab.compile.ssa.changes import SSAChanges
    from golifelab.compile.ssa.proofs import Proofs
    from golifelab.compile.ssa.rules import Rewrites
    from golifelab.compile.ssa.stage import SSA, Function
    from golifelab.compile.syntax import Syntax
    from golifelab.compile.tokens import Tokens
    from golifelab.compile.types import Types


class Compiled(Base):
    """The stages of chapter 2, each a lazy, cached value."""

    @cached_property
    def tokens(self) -> Tokens:
        """The scanner's tokens."""
        from golifelab.compile.tokens import tokens

        return tokens(self.source, self.target)

    @cached_property
    def syntax(self) -> Syntax:
        """The compiler's syntax tree."""
        from golifelab.compile.syntax import syntax

        return syntax(self.source, self.target)

    @cached_property
    def go_tokens(self) -> GoTokens:
        """The tokens of go/scanner, the scanner of gofmt, vet and gopls."""
        from golifelab.compile.gotokens import go_tokens

        return go_tokens(self.source, self.target)

    @cached_property
    def go_syntax(self) -> GoSyntax:
        """The tree of go/ast, the tree of gofmt, vet and gopls."""
        from golifelab.compile.gosyntax import go_syntax

        return go_syntax(self.source, self.target)

    @cached_property
    def types(self) -> Types:
        """What the type checker found: types, constants, objects, errors."""
        from golifelab.compile.types import types

        return types(self.source, self.target)

    @cached_property
    def methods(self) -> MethodSets:
        """The method sets of the package's types, and what the interfaces it mentions ask for."""
        from golifelab.compile.check.methods import method_sets

        return method_sets(self.source, self.target)

    @cached_property
    def checks(self) -> CheckTrace:
        """The type checker at work: its steps, its trace, and which step found which error."""
        from golifelab.compile.check.trace import check_trace

        return check_trace(self.source, self.target)

    @cached_property
    def remarks(self) -> Remarks:
        """The compiler's remarks: inlining, escape analysis, bounds and nil checks."""
        from golifelab.compile.remarks import remarks

        return remarks(self.source, self.target)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What scanner, parser and type checker say against this program, with positions.

        Little is found later, such as a misplaced `//go:` directive or a frame that is too large:
        that is among `remarks.errors`, for which the compiler runs to its end.
        """
        return self.types.errors

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The functions the compiler made code for."""
        from golifelab.compile.ssa.stage import functions

        return functions(self.source, self.target)

    def satisfaction(
        self, types: Iterable[str] | None = None, interfaces: Iterable[str] | None = None
    ) -> Satisfaction:
        """Which types implement which interfaces, and why not; by default all that there are.

        Both are Go type expressions such as "*T", "Stack[int]", "io.Reader", "interface{ M() }".
        """
        from golifelab.compile.check.satisfaction import satisfaction

        return satisfaction(self.source, self.target, types=types, interfaces=interfaces)

    def begin(self, function: str) -> Callable[[float], bool]:
        """Start the compiler in the background: what it makes of this function is wanted soon.

        Meanwhile the front end can be asked. `ssa(function)` then waits for what has begun; what
        this gives waits as many seconds at most, and says whether it is done.
        """
        from golifelab.compile.dump import begin

        return begin(self.source, self.target, function).ready

    def ir(self, function: str) -> IR:
        """The compiler's tree of a function, as it enters SSA."""
        from golifelab.compile.ir import ir

        return ir(self.source, self.target, function)

    def ir_trees(self, function: str) -> IRTrees:
        """The compiler's trees of a function, from type checking to SSA."""
        from golifelab.compile.irtrees import ir_trees

        return ir_trees(self.source, self.target, function)

    def ssa(self, function: str) -> SSA:
        """A function after every pass of the compiler's back end."""
        from golifelab.compile.ssa.stage import ssa

        return ssa(self.source, self.target, function)

    def ssa_changes(self, edited: Base, function: str, which: int | str = "start") -> SSAChanges:
        """What an edit of this program changed in a function, as it is after a pass.

        `edited` may be for another target, too: another processor, another version of Go.
        """
        from golifelab.compile.ssa.changes import ssa_changes

        other = edited.target if edited.target != self.target else None
        return ssa_changes(self.source, edited.source, self.target, function, which, other=other)

    def rewrites(self, function: str) -> Rewrites:
        """Every rewrite by rules in a function: before, after, and the rule."""
        from golifelab.compile.ssa.rules import rewrites

        return rewrites(self.source, self.target, function)

    def proofs(self, function: str) -> Proofs:
        """What the prove pass knew and proved about a function."""
        from golifelab.compile.ssa.proofs import proofs

        return proofs(self.source, self.target, function)

    def ablation(self, function: str, passes: Sequence[str] | None = None) -> Ablation:
        """What each optional pass is good for in a function: it is compiled without it.

        `passes` limits it to some, by name ("generic cse").
        """
        from golifelab.compile.ssa.ablation import ablation

        return ablation(self.source, self.target, function, passes)

    def attribution(
        self, function: str, passes: Sequence[str], *, what: str = "bytes"
    ) -> Attribution:
        """What these passes save in a function, divided between them by exact Shapley values."""
        from golifelab.compile.ssa.ablation import attribution

        return attribution(self.source, self.target, function, passes, what=what)

    def run_times(
        self, expression: str, passes: Sequence[str], *, setup: str = "", rounds: int = 5
    ) -> RunTimes:
        """How long a Go expression takes by default, and without each of some optional passes.

        `setup` are statements that run before the clock starts.
        """
        from golifelab.compile.ssa.ablation import run_times

        return run_times(self.source, self.target, expression, passes, setup=setup, rounds=rounds)

    def machine(self, function: str) -> Machine:
        """The machine code of a function."""
        from golifelab.compile.machine.stage import machine

        return machine(self.source, self.target, function)

    def registers(self, function: str) -> RegisterGrid:
        """What each register of a function holds, step by step, and what goes to the stack."""
        from golifelab.compile.machine.registers import register_grid

        return register_grid(self.source, self.target, function)

    def frame_layout(self, function: str) -> FrameLayout:
        """The stack frame of a function: its areas, and the places that instructions use."""
        from golifelab.compile.machine.frame import frame_layout

        return frame_layout(self.source, self.target, function)

    def abi(self, signature: str) -> ABI:
        """Which registers and stack slots carry the arguments and results of a call.

        `signature` is "func(a int, s string) error", or the name of a function of the program.
        """
        from golifelab.compile.machine.abi import abi

        return abi(self.source, self.target, signature)

"""A Go program and its whole life: every stage hangs off it as a lazy, cached property."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from golifelab.data import data_directory
from golifelab.errors import GolifelabError
from golifelab.position import Diagnostic, Position
from golifelab.source import Source
from golifelab.target import Target

if TYPE_CHECKING:
    from golifelab.binary import Binary
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
    from golifelab.link.cgo import CPackages
    from golifelab.link.deadcode.reach import Reach
    from golifelab.link.metadata.stackmaps import StackMaps
    from golifelab.link.modes import ModeMatrix
    from golifelab.link.object.file import ObjectFile
    from golifelab.link.placement.stage import Placement
    from golifelab.link.reachability import Reachability
    from golifelab.link.relocations import Relocations
    from golifelab.link.sizes import Sizes
    from golifelab.thread import Thread
    from golifelab.toolchain.link import Mode

# Stage modules are imported inside the properties: `import golifelab` then costs next to nothing,
# and a reader who looks at tokens never loads the linker's readers.


@dataclass(frozen=True)
class Program:
    """One Go package and the target it is built for. Frozen; equal by content and target.

    The properties `tokens`, `syntax`, `types` and `remarks` are values even for a broken program:
    their `.errors` hold what Go says, with positions. `ssa`, `machine`, `object` and `link` need a
    program that compiles and raise CompileFailed for one that does not.
    """

    source: Source
    target: Target = field(default_factory=Target)

    @classmethod
    def from_text(
        cls, text: str, *, name: str = "main.go", target: Target | None = None
    ) -> Program:
        """A program of one file, given as text."""
        return cls(Source.from_text(text, name=name), target or Target())

    @classmethod
    def from_file(cls, path: str | Path, *, target: Target | None = None) -> Program:
        """A program of one file on disk."""
        return cls(Source.from_file(path), target or Target())

    @classmethod
    def from_directory(cls, path: str | Path, *, target: Target | None = None) -> Program:
        """A package of several files: all Go files of a folder but its tests."""
        return cls(Source.from_directory(path), target or Target())

    def edit(self, old: str, new: str, *, file: str = "") -> Program:
        """This program with `old` replaced by `new` once; GolifelabError unless it occurs once."""
        text = self.source.text(file)
        count = text.count(old)
        if count != 1:
            raise GolifelabError(
                f"{old!r} occurs {count} times in {file or self.source.names[0]}",
                remedy="give a piece of text that occurs exactly once",
            )
        return self.with_text(text.replace(old, new), file=file)

    def with_text(self, text: str, *, file: str = "") -> Program:
        """This program with the whole text of a file replaced (the first one by default)."""
        return Program(self.source.with_text(text, file), self.target)

    def for_target(self, **changes: object) -> Program:
        """This program for another target, such as `p.for_target(goarch="arm64")`."""
        return Program(self.source, self.target.with_(**changes))

    @property
    def text(self) -> str:
        """The text of the first file."""
        return self.source.text()

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

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The functions the compiler made code for."""
        from golifelab.compile.ssa.stage import functions

        return functions(self.source, self.target)

    @cached_property
    def object(self) -> ObjectFile:
        """The object file."""
        from golifelab.link.object.file import object_file

        return object_file(self.source, self.target)

    @cached_property
    def reachability(self) -> Reachability:
        """What the linker itself says it keeps, and who led there first."""
        from golifelab.link.reachability import reachability

        return reachability(self.source, self.target)

    @cached_property
    def reach(self) -> Reach:
        """What the linker keeps, with every reason, and what would go without something."""
        from golifelab.link.deadcode.reach import reach

        return reach(self.source, self.target)

    @cached_property
    def sizes(self) -> Sizes:
        """What every byte of the executable is for."""
        from golifelab.link.sizes import sizes

        return sizes(self.link())

    @property
    def placement(self) -> Placement:
        """Where every symbol of every object of the program is in its executable."""
        return self.link().placement

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What scanner, parser and type checker say against this program, with positions.

        Little is found later, such as a misplaced `//go:` directive or a frame that is too large:
        that is among `remarks.errors`, for which the compiler runs to its end.
        """
        return self.types.errors

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

    def ssa_changes(self, edited: Program, function: str, which: int | str = "start") -> SSAChanges:
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

    @cached_property
    def modes(self) -> ModeMatrix:
        """Every way to build it: who links it then, and who starts it. Takes seconds."""
        from golifelab.link.modes import modes

        return modes(self.source, self.target)

    def c_packages(self, *, cgo: bool = True, tags: Sequence[str] = ()) -> CPackages:
        """The packages with C that it is made of when C is allowed, and how they are imported."""
        from golifelab.link.cgo import c_packages

        return c_packages(self.source, self.target.with_(cgo=cgo, gcflags=()), tuple(tags))

    def relocations(self, function: str = "") -> Relocations:
        """What the linker wrote into the holes of the package's symbols, with the arithmetic.

        With a function ("main.main"), those in it.
        """
        from golifelab.link.relocations import relocations

        return relocations(self.source, self.target, function)

    def stack_maps(self, function: str) -> StackMaps:
        """Which words of a function's frame hold pointers, at each address of the executable."""
        from golifelab.link.metadata.programmaps import program_stack_maps

        return program_stack_maps(self.source, self.target, function)

    def link(self, mode: Mode | None = None) -> Binary:
        """The executable; `mode` says how it is linked."""
        from golifelab.binary import Binary
        from golifelab.link.executable import link

        return Binary.of(link(self.source, self.target, mode), self.source, self.target)

    def thread(self, position: str | Position, *, process: bool = True) -> Thread:
        """One position followed through every stage.

        `position` is "main.go:6:11", or "6:11" in the first file. With `process` the chain goes on
        into a live process, held at its first instruction.
        """
        from golifelab.thread import thread

        return thread(self.source, self.target, self.locate(position), process=process)

    def locate(self, position: str | Position) -> Position:
        """The Position that "main.go:6:11" or "6:11" means; GolifelabError when it is none.

        A path is accepted where its last part is one of the program's files.
        """
        found = position if isinstance(position, Position) else self._parse(position)
        name = Path(found.file).name
        if name not in self.source.names:
            raise GolifelabError(
                f"the program has no file {found.file}",
                remedy="its files are " + ", ".join(self.source.names),
            )
        return Position(name, found.line, found.column)

    def _parse(self, text: str) -> Position:
        text = text.strip()
        if text[:1].isdigit():
            text = f"{self.source.names[0]}:{text}"
        try:
            return Position.parse(text)
        except ValueError as error:
            raise GolifelabError(str(error)) from error


def sample(name: str, *, target: Target | None = None) -> Program:
    """One of the course's programs, by name; GolifelabError lists the names when there is none."""
    root = data_directory() / "programs"
    known = sorted(path.name for path in root.iterdir() if any(path.glob("*.go")))
    if name not in known:
        raise GolifelabError(
            f"there is no sample program {name!r}", remedy="the samples are " + ", ".join(known)
        )
    return Program.from_directory(root / name, target=target)

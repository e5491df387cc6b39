"""`golifelab show`: one stage of a program, as text or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from golifelab.cli.inputs import print_json, program_of, target_of
from golifelab.errors import GolifelabError
from golifelab.program import Program

STAGES = (
    "tokens",
    "gotokens",
    "numbering",
    "syntax",
    "gosyntax",
    "types",
    "methods",
    "satisfaction",
    "checks",
    "remarks",
    "irtrees",
    "ir",
    "ssa",
    "rewrites",
    "proofs",
    "ablation",
    "machine",
    "registers",
    "framelayout",
    "stackmaps",
    "abi",
    "object",
    "cpackages",
    "reach",
    "placement",
    "relocations",
    "executable",
    "sizes",
    "process",
    "moments",
    "syscalls",
    "starts",
    "boot",
    "inits",
    "initorder",
    "variables",
    "scheduling",
    "stackgrowth",
    "heap",
)

# Stages whose names are two words in Python.
_PROPERTIES = {
    "gotokens": "go_tokens",
    "gosyntax": "go_syntax",
    "irtrees": "ir_trees",
    "framelayout": "frame_layout",
    "stackmaps": "stack_maps",
    "syscalls": "system_calls",
    "starts": "start_comparison",
    "initorder": "init_order",
    "variables": "variable_order",
}
# Stages of one function. Of abi, it may also be a signature.
_OF_FUNCTIONS = frozenset(STAGES[STAGES.index("irtrees") : STAGES.index("abi") + 1])


# Stages that are methods of the program, with what each takes of the options.
_METHODS: dict[str, Callable[[Program, str], Any]] = {
    "satisfaction": lambda program, _: program.satisfaction(),
    "cpackages": lambda program, _: program.c_packages(),
    "executable": lambda program, _: program.link(),
    "relocations": lambda program, function: program.relocations(function),
    "stackgrowth": lambda program, function: program.stack_growth(function),
}


def show(options: argparse.Namespace) -> int:
    """`golifelab show`: print one stage of a program."""
    stage = options.stage
    if stage == "numbering":
        from golifelab.compile.numbering import numbering

        return _print_stage(numbering(target_of(options)), options)
    if options.path is None:
        raise GolifelabError(f"{stage} of which program?", remedy="give a Go file or a folder")
    program = program_of(options.path, target_of(options))
    if stage == "process":
        with program.start() as process:
            return _print_stage(process.maps, options)
    if stage in _METHODS:
        return _print_stage(_METHODS[stage](program, options.func), options)
    name = _PROPERTIES.get(stage, stage)
    if stage in _OF_FUNCTIONS:
        function = options.func or _only_function(program)
        return _print_stage(getattr(program, name)(function), options)
    return _print_stage(getattr(program, name), options)


def _print_stage(value: Any, options: argparse.Namespace) -> int:
    from golifelab.views.text import text

    if options.json:
        print_json(value.to_json())
    else:
        print(text(value))
    return 1 if getattr(value, "errors", ()) else 0


def _only_function(program: Program) -> str:
    names = [function.symbol for function in program.functions]
    if len(names) == 1:
        return names[0]
    raise GolifelabError("which function?", remedy="--func NAME, one of " + ", ".join(names[:40]))

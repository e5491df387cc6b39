"""Chapter 2, trees: claims c2.12 to c2.15, and c2.19 to c2.23."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import NODER, SYNTAX, TYPES2, go_file, search
from golifelab.claims.lexing import SUM, USED
from golifelab.claims.listing import instructions, tree_lines
from golifelab.claims.workbench import Lab
from golifelab.link.object.file import object_file
from golifelab.program import sample

_NODES = f"{SYNTAX}/nodes.go"
# Functions of the type checker that find out the type of something.
_GIVES_TYPES = frozenset(
    {"objDecl", "typ", "varType", "definedType", "expr", "rawExpr", "genericType", "funcType"}
)
# The steps of the claimed flow: the package each name belongs to, and how it would be declared.
_STEPS = {
    "scanner.Token": ("go/scanner", r"^type Token\b"),
    "parser.ParseFile": ("go/parser", r"^func ParseFile\("),
    "ast.File": ("go/ast", r"^type File struct|^\tFile struct"),
    "checker.checkPackage": ("go/types", r"^func (\([^)]*\) )?checkPackage\("),
}


def decide_where_the_tree_is_made(facts: Facts) -> Ruling:
    """c2.12: whether the compiler's tree is the one of that package."""
    return settle(
        facts["File is a struct there"] and "Parse" in facts["LoadPackage calls"],
        "the compiler loads a package by calling syntax.Parse, which gives a syntax.File:"
        f" {facts['nodes']} nodes for the sample. go/ast is not among the imports; a second tree,"
        f" of {facts['ir nodes']} nodes for one function, is made of it afterwards",
        "the compiler loads a package without calling syntax.Parse",
    )


@experiment("c2.12", decide_where_the_tree_is_made)
def measure_where_the_tree_is_made(lab: Lab) -> Facts:
    """Read what LoadPackage calls, and count the nodes of the trees of a program."""
    target = lab.bench.target
    calls = go_file(f"{NODER}/noder.go", target).function("LoadPackage").calls
    lab.note(f"what LoadPackage calls in $GOROOT/src/{NODER}/noder.go", " ".join(calls))
    search(lab, r"syntax\.Parse\(|go/ast", NODER)
    program = sample("add", target=target)
    lab.note(program.syntax.command, f"{len(program.syntax)} nodes")
    tree = program.ir("add")
    lab.note(tree.command, f"{len(tree)} nodes")
    return {
        "File is a struct there": go_file(_NODES, target).underlying("File") == "struct",
        "LoadPackage calls": list(calls),
        "nodes": len(program.syntax),
        "ir nodes": len(tree),
    }


def decide_file_fields(facts: Facts) -> Ruling:
    """c2.13: whether File has the two fields."""
    missing = [name for name in ("Pragma", "Decls") if name not in facts["fields"]]
    return settle(
        not missing,
        "File has both fields",
        f"File has no {' and no '.join(missing)}; its fields are {', '.join(facts['fields'])}",
    )


@experiment("c2.13", decide_file_fields)
def measure_file_fields(lab: Lab) -> Facts:
    """Read the declaration of File."""
    nodes = go_file(_NODES, lab.bench.target)
    lab.note(f"sed -n '/^type File /,/^}}/p' $GOROOT/src/{_NODES}", nodes.declaration("File"))
    return {"fields": list(nodes.fields("File"))}


def decide_pragma(facts: Facts) -> Ruling:
    """c2.14: whether a pragma is a #line, or a //line."""
    return settle(
        facts["#line is accepted"] or "line" in facts["pragmas"],
        "line directives are pragmas",
        f"there is no #line: {facts['what #line gives']}. Pragmas are {len(facts['pragmas'])} words"
        f" such as {', '.join(facts['pragmas'][:3])}. //line is none: it changes the base of"
        f" positions, here to {facts['where //line moves the error']}",
    )


@experiment("c2.14", decide_pragma)
def measure_pragma(lab: Lab) -> Facts:
    """Compile with both kinds of line directive, and list the pragmas the compiler knows."""
    hashed = lab.compile_text(SUM.replace("\tx :=", "#line 5\n\tx :="))
    moved = lab.compile_text(SUM.replace("\tx :=", "//line fake.go:99\n\tx :=")).text
    known = search(lab, r'^\tcase "(go:\w+)"', f"{NODER}/lex.go")
    return {
        "#line is accepted": hashed.returncode == 0,
        "what #line gives": hashed.text.split("\n")[0].split(": ", 1)[-1],
        "pragmas": [re.findall(r'"([\w:]+)"', hit.text)[0] for hit in known],
        "where //line moves the error": moved.split(": ")[0],
    }


def decide_declare(facts: Facts) -> Ruling:
    """c2.15: whether declare finds out types."""
    given = sorted(_GIVES_TYPES & set(facts["declare calls"]))
    return settle(
        bool(given),
        f"declare finds types with {', '.join(given)}",
        f"declare puts an object into a scope and calls nothing that finds a type: it calls"
        f" {', '.join(facts['declare calls'])}. Types come in phases: {', '.join(facts['phases'])}",
    )


@experiment("c2.15", decide_declare)
def measure_declare(lab: Lab) -> Facts:
    """Read what declare calls, and the phases of checkFiles in order."""
    calls = go_file(f"{TYPES2}/decl.go", lab.bench.target).function("Checker.declare").calls
    lab.note(f"what declare calls in $GOROOT/src/{TYPES2}/decl.go", " ".join(calls))
    phases = search(lab, r'\bprint\("== (\w+) =="\)', f"{TYPES2}/check.go")
    return {
        "declare calls": list(calls),
        "phases": [re.findall(r"== (\w+) ==", hit.text)[0] for hit in phases],
    }


def decide_goobj_tool(facts: Facts) -> Ruling:
    """c2.19: whether such a tool exists."""
    return settle(
        facts["exists"],
        "there is a tool of that name",
        f"there is none among the {facts['tools']} tools of this distribution. Objects are read by"
        f" go tool nm and go tool objdump; what they hold is {facts['symbols']} symbols, and no"
        " tree",
    )


@experiment("c2.19", decide_goobj_tool)
def measure_goobj_tool(lab: Lab) -> Facts:
    """Call it, list the tools there are, and see what an object file holds."""
    bench = lab.bench
    done = lab.run([bench.go.command, "tool", "goobj"], "go tool goobj")
    listed = lab.run([bench.go.command, "tool"], "go tool")
    lab.compile("add")
    lab.run(
        [bench.go.command, "tool", "nm", bench.directory / "main.o"],
        "go tool nm main.o",
        keep=" T ",
    )
    names = {line.split()[0] for line in listed.text.splitlines() if line.strip()}
    symbols = object_file(sample("add").source, bench.target).symbols
    return {
        "exists": done.returncode == 0 or "goobj" in names,
        "tools": len(names),
        "symbols": len(symbols),
    }


def _node_kinds(lab: Lab, text: str) -> list[str]:
    """The kinds of syntax nodes whose names occur in a text."""
    kinds = go_file(_NODES, lab.bench.target).structs()
    return [kind for kind in kinds if re.search(rf"\b{kind}\b", text)]


def decide_listing_names_nodes(facts: Facts) -> Ruling:
    """c2.20: whether the listing of -S names nodes of the tree."""
    return settle(
        bool(facts["node kinds"]) or facts["tree lines"] > 0,
        f"the listing names {', '.join(facts['node kinds'])}",
        f"all {facts['instructions']} instructions are annotated, each with a file and a line such"
        f" as {facts['first annotation']}; none names a node",
    )


@experiment("c2.20", decide_listing_names_nodes)
def measure_listing_names_nodes(lab: Lab) -> Facts:
    """Read the annotations of a listing, and look for the names of nodes in all of it."""
    text = lab.compile_text(USED, "-S", keep=r"\tCALL|\tRET|\tMOV").text
    annotations = instructions(text)
    return {
        "instructions": len(annotations),
        "first annotation": annotations[0] if annotations else "",
        "node kinds": _node_kinds(lab, text),
        "tree lines": tree_lines(text),
    }


def decide_objdump_shows_nodes(facts: Facts) -> Ruling:
    """c2.21: whether objdump relates machine code to nodes."""
    return settle(
        bool(facts["node kinds"]),
        f"objdump names {', '.join(facts['node kinds'])}",
        f"the command prints {facts['instructions']} instructions, each with a line"
        f" ({', '.join(facts['lines'])}) from the program's line table, and names no node",
    )


@experiment("c2.21", decide_objdump_shows_nodes)
def measure_objdump_shows_nodes(lab: Lab) -> Facts:
    """Run the command on a program, and look for the names of nodes in what it prints."""
    bench = lab.bench
    text = lab.objdump(r"main\.main", bench.build("println"), keep=r"main\.go:\d+\t")
    lines = re.findall(r"^\s+(\w+\.go:\d+)\t", text, re.MULTILINE)
    return {
        "instructions": len(lines),
        "lines": sorted(set(lines)),
        "node kinds": _node_kinds(lab, text),
    }


def decide_flow(facts: Facts) -> Ruling:
    """c2.22: whether the compiler goes the claimed way."""
    return settle(
        not facts["nowhere"] and {"go/parser", "go/ast"} <= set(facts["the compiler imports"]),
        "every step is there, and the compiler uses it",
        f"{' and '.join(facts['nowhere']) or 'no step'} cannot be found at all; the others belong"
        " to the library, of which the compiler imports"
        f" {', '.join(facts['the compiler imports']) or 'nothing'}. Its own way: LoadPackage,"
        f" syntax.Parse, {', '.join(facts['its own way'])}",
    )


@experiment("c2.22", decide_flow)
def measure_flow(lab: Lab) -> Facts:
    """Search for each step where its name says it is, and read the compiler's imports."""
    target = lab.bench.target
    nowhere = [step for step, (place, rule) in _STEPS.items() if not search(lab, rule, place)]
    imported = search(lab, r'^\t(\w+ )?"go/(scanner|parser|ast|types)"$', NODER, SYNTAX, TYPES2)
    load = go_file(f"{NODER}/noder.go", target).function("LoadPackage").calls
    unified = go_file(f"{NODER}/unified.go", target)
    stub = next((name for name in unified.function("unified").calls if name == "writePkgStub"), "")
    check = unified.function(stub).calls if stub else ()
    lab.note(
        f"what LoadPackage and {stub} call in $GOROOT/src/{NODER}",
        f"{' '.join(load)}\n{' '.join(check)}",
    )
    way = [*(name for name in load if name == "unified"), stub]
    way += [name for name in check if name == "checkFiles"]
    return {
        "nowhere": nowhere,
        "the compiler imports": sorted({hit.text.strip('"') for hit in imported}),
        "its own way": [step for step in way if step],
    }


def decide_types_in_tree(facts: Facts) -> Ruling:
    """c2.23: whether types end up in the tree, and errors are reported."""
    return settle(
        facts["types are stored in the tree"] and facts["error"] != "" and facts["typed"] > 0,
        f"the checker is told to store types in the tree: {facts['typed']} of {facts['nodes']}"
        f" nodes of the sample know something; and a wrong program is refused: {facts['error']}",
        "types are not stored in the tree, or errors are not reported",
    )


@experiment("c2.23", decide_types_in_tree)
def measure_types_in_tree(lab: Lab) -> Facts:
    """Find how the checker is set up, count nodes that have a type, and make a mistake."""
    target = lab.bench.target
    set_up = search(lab, r"StoreTypesInSyntax:\s+true", NODER)
    program = sample("add", target=target)
    lab.note(program.types.command, f"{len(program.types)} of {len(program.syntax)} nodes")
    refused = lab.compile_text(SUM)
    return {
        "types are stored in the tree": bool(set_up),
        "typed": len(program.types),
        "nodes": len(program.syntax),
        "error": refused.text.strip().split(": ", 1)[-1] if refused.returncode else "",
    }

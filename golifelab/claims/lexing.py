"""Chapter 2, lexing: claims c2.01 to c2.11."""

from __future__ import annotations

import re

from golifelab.claims.experiment import Facts, Ruling, experiment, settle
from golifelab.claims.gosource import SYNTAX, go_file, search
from golifelab.claims.listing import instructions, ssa_values, tree_lines
from golifelab.claims.workbench import Lab
from golifelab.compile.numbering import numbering
from golifelab.program import Program

# The program of the section, as a reader would type it. The compiler refuses it.
SUM = "package main\n\nfunc main() {\n\tx := 42 + 1\n}\n"
USED = SUM.replace("1\n}", "1\n\tprintln(x)\n}")
_NAMES = ("IDENT", "INT", "ADD", "LPAREN")
SPELLINGS = ("42", "0x2a", "0b101010", "4_2")


def scanned(lab: Lab, text: str) -> Program:
    """A program for the bench's target, its tokens written down a line each."""
    program = Program.from_text(text, target=lab.bench.target)
    rows = [
        f"{token.line}:{token.column}\t{token.kind}\t{token.operator or token.literal}"
        for token in program.tokens
    ]
    lab.note(program.tokens.command, "\n".join(rows))
    return program


def decide_token_names(facts: Facts) -> Ruling:
    """c2.01: whether the compiler's lexer knows the names that are claimed."""
    return settle(
        facts["in the compiler"] == list(_NAMES),
        "the compiler's own lexer has tokens of these names",
        f"of {', '.join(_NAMES)} the compiler's lexer has {len(facts['in the compiler'])}, and"
        f" the library package go/token {len(facts['in go/token'])}. The compiler's has"
        f" {facts['kinds']} kinds, such as {', '.join(facts['some kinds'])}; a + is of kind"
        f" “{facts['kind of +']}”",
    )


@experiment("c2.01", decide_token_names)
def measure_token_names(lab: Lab) -> Facts:
    """Read both lists of tokens, and scan a line."""
    words = numbering(lab.bench.target)
    kinds = list(dict.fromkeys(word.compiler_name for word in words if word.compiler_name))
    library = {word.go_name for word in words}
    lab.note(words.command, f"the compiler's: {' '.join(kinds)}")
    plus = next(token for token in scanned(lab, SUM).tokens if token.text == "+")
    return {
        "in the compiler": [name for name in _NAMES if name in kinds],
        "in go/token": [name for name in _NAMES if name in library],
        "kinds": len(kinds),
        "some kinds": kinds[1:6],
        "kind of +": plus.kind,
    }


def decide_sample_compiles(facts: Facts) -> Ruling:
    """c2.02: whether the program compiles."""
    return settle(
        facts["compiles"],
        "the program compiles",
        f"scanner and parser find {facts['syntax errors']} errors, the type checker stops:"
        f" {facts['message']}",
    )


@experiment("c2.02", decide_sample_compiles)
def measure_sample_compiles(lab: Lab) -> Facts:
    """Compile it, and count what scanner and parser have to say."""
    done = lab.compile_text(SUM)
    syntax = Program.from_text(SUM, target=lab.bench.target).syntax
    return {
        "compiles": done.returncode == 0,
        "syntax errors": len(syntax.errors),
        "message": done.text.strip().split(": ", 1)[-1],
    }


def decide_before_assembly(facts: Facts) -> Ruling:
    """c2.03: whether -S prints something that comes before machine instructions."""
    return settle(
        not facts["instructions"] and facts["ssa values"] + facts["tree lines"] > 0,
        "-S printed no machine instruction",
        f"-S prints machine instructions, {facts['instructions']} of them, no tree and no SSA."
        f" 42 and + are gone by then: {facts['line with the sum']}",
    )


@experiment("c2.03", decide_before_assembly)
def measure_before_assembly(lab: Lab) -> Facts:
    """Give x a use, so that there is something to compile, and read the listing."""
    text = lab.compile_text(USED, "-S", keep=r"STEXT|\$43|CALL|RET").text
    sums = re.findall(r"\t(MOV\w\t\$43, \w+)", text)
    return {
        "instructions": len(instructions(text)),
        "ssa values": ssa_values(text),
        "tree lines": tree_lines(text),
        "line with the sum": (sums or ["no 43"])[0].replace("\t", " "),
    }


def decide_gcflags(facts: Facts) -> Ruling:
    """c2.04: whether -gcflags=-S shows anything of a syntax tree."""
    where = "takes" if facts["the compiler takes -gcflags"] else "refuses"
    return settle(
        facts["tree lines"] > 0,
        f"{facts['tree lines']} lines of a tree were printed",
        f"-gcflags is a flag of the go command; the compiler {where} it. go build -gcflags=-S"
        f" prints {facts['instructions']} instructions and {facts['tree lines']} lines of a tree;"
        f" compile -W prints {facts['tree lines of -W']}",
    )


@experiment("c2.04", decide_gcflags)
def measure_gcflags(lab: Lab) -> Facts:
    """Give the flag to the compiler, to the go command, and try -W."""
    direct = lab.compile_text(USED, "-gcflags=-S", keep="not defined")
    # The go command replays what the compiler printed, also when nothing had to be compiled.
    built = lab.go(USED, "build", "-gcflags=-S", "-o", "prog", ".", keep=r"STEXT|\$43|RET")
    trees = lab.compile_text(USED, "-W", keep=r"^before walk|LITERAL|^\.   \w").text
    text = built.text + built.error_text
    return {
        "the compiler takes -gcflags": direct.returncode == 0,
        "instructions": len(instructions(text)),
        "tree lines": tree_lines(text),
        "tree lines of -W": tree_lines(trees),
    }


def decide_scanner_file(facts: Facts) -> Ruling:
    """c2.05: whether the scanner's methods are in that file."""
    here, elsewhere = facts["methods in scanner.go"], facts["methods elsewhere"]
    return settle(
        here > elsewhere,
        f"{here} methods of the scanner are in scanner.go, {elsewhere} in other files",
        f"{here} methods of the scanner are in scanner.go, but {elsewhere} in other files",
    )


@experiment("c2.05", decide_scanner_file)
def measure_scanner_file(lab: Lab) -> Facts:
    """Search the package for methods of the scanner."""
    hits = search(lab, r"^func \(\w+ \*scanner\) ", SYNTAX)
    here = sum(hit.file == f"{SYNTAX}/scanner.go" for hit in hits)
    return {"methods in scanner.go": here, "methods elsewhere": len(hits) - here}


def decide_scan_method(facts: Facts) -> Ruling:
    """c2.06: whether the scanner has a method scan."""
    return settle(
        "scan" in facts["methods"],
        "the compiler's scanner has a method scan",
        f"none of its {len(facts['methods'])} methods is called scan. The parser calls next, at"
        f" {facts['calls of next']} places; {', '.join(facts['methods of go/scanner'])} are the"
        " exported methods of the library's scanner",
    )


@experiment("c2.06", decide_scan_method)
def measure_scan_method(lab: Lab) -> Facts:
    """List the methods of both scanners, and who is called by the parser."""
    target = lab.bench.target
    methods = go_file(f"{SYNTAX}/scanner.go", target).methods("scanner")
    library = go_file("go/scanner/scanner.go", target).methods("Scanner")
    lab.note(f"methods of scanner in $GOROOT/src/{SYNTAX}/scanner.go", " ".join(methods))
    calls = search(lab, r"\bp\.next\(\)", f"{SYNTAX}/parser.go")
    return {
        "methods": list(methods),
        "methods of go/scanner": [name for name in library if name[:1].isupper()],
        "calls of next": len(calls),
    }


def decide_func_constant(facts: Facts) -> Ruling:
    """c2.07: whether the compiler's constant for func is FUNC."""
    name, number = facts["in the compiler"]
    return settle(
        name == "FUNC",
        f"the compiler's constant is {name}, number {number}",
        f"{facts['in go/token'][0]}, number {facts['in go/token'][1]}, belongs to go/token. The"
        f" compiler has {name}, number {number}, and finds it with the function"
        f" {facts['found by']}",
    )


@experiment("c2.07", decide_func_constant)
def measure_func_constant(lab: Lab) -> Facts:
    """Look the keyword up in both lists, and find how a keyword is recognised."""
    words = numbering(lab.bench.target)
    word = words.of("func")
    assert word is not None
    own, library = (word.compiler_name, word.compiler_number), (word.go_name, word.go_number)
    lab.note(words.command, f"func  compiler {own}  go/token {library}")
    hashed = search(lab, r"keywordMap\[hash\(|^func hash\(", f"{SYNTAX}/scanner.go")
    called = go_file(f"{SYNTAX}/scanner.go", lab.bench.target).function("scanner.ident").calls
    found = "hash" if hashed and "hash" in called else "unknown"
    return {"in the compiler": own, "in go/token": library, "found by": found}


def _token_types(lab: Lab) -> dict[str, str]:
    """What each of the two token types is declared to be."""
    made = {}
    for path in (f"{SYNTAX}/tokens.go", "go/token/token.go"):
        file = go_file(path, lab.bench.target)
        made[path] = file.underlying("Token")
        lab.note(f"grep '^type Token ' $GOROOT/src/{path}", file.declaration("Token"))
    return made


def decide_token_holds_name(facts: Facts) -> Ruling:
    """c2.08: whether a token is something that could hold a name and a position."""
    return settle(
        "struct" in facts["token types"].values(),
        "a token is a struct",
        f"a token is a number ({' in the compiler, '.join(facts['token types'].values())} in"
        " go/token) and holds nothing. Name and position stand beside it: in the compiler's"
        f" scanner as {', '.join(facts['beside it'])}, in the library as results of"
        f" {facts['library']}",
    )


@experiment("c2.08", decide_token_holds_name)
def measure_token_holds_name(lab: Lab) -> Facts:
    """Read the declarations of both token types, and where name and position are kept."""
    scanner = go_file(f"{SYNTAX}/scanner.go", lab.bench.target)
    library = go_file("go/scanner/scanner.go", lab.bench.target)
    fields = scanner.fields("scanner")
    header = library.header("Scanner.Scan")
    lab.note(f"the struct in $GOROOT/src/{SYNTAX}/scanner.go", scanner.declaration("scanner"))
    lab.note("go doc go/scanner.Scanner.Scan", header)
    return {
        "token types": _token_types(lab),
        "beside it": [name for name in fields if name in ("line", "col", "lit", "tok")],
        "library": header.split(") ", 1)[-1],
    }


def decide_value_in_literal(facts: Facts) -> Ruling:
    """c2.09: whether the scanner keeps the value of a literal, the same for every spelling."""
    kept, values = facts["kept by the scanner"], facts["found by types2"]
    return settle(
        len(set(kept.values())) == 1,
        f"the scanner keeps the same for every spelling: {next(iter(kept.values()), '')}",
        f"the scanner keeps the text: {', '.join(kept.values())}. The value comes later, from the"
        f" type checker: {', '.join(values.values())}",
    )


@experiment("c2.09", decide_value_in_literal)
def measure_value_in_literal(lab: Lab) -> Facts:
    """Scan and check four spellings of one number."""
    kept, values = {}, {}
    for spelling in SPELLINGS:
        text = f"package main\n\nconst c = {spelling}\n"
        program = Program.from_text(text, target=lab.bench.target)
        literal = next(token for token in program.tokens if token.literal_kind)
        kept[spelling] = literal.literal
        values[spelling] = next(o.constant for o in program.types.objects if o.name == "c")
    rows = [f"{kept[one]:10} value {values[one]}" for one in SPELLINGS]
    lab.note("golifelab show tokens c.go; golifelab show types c.go", "\n".join(rows))
    return {"kept by the scanner": kept, "found by types2": values}


def decide_token_struct(facts: Facts) -> Ruling:
    """c2.10: whether tokens are structs that the scanner makes."""
    return settle(
        "struct" in facts["token types"].values() and facts["made"] > 0,
        f"tokens are structs, and the scanner makes them at {facts['made']} places",
        f"neither token type is a struct ({', '.join(facts['token types'].values())}), and no token"
        f" is made: {facts['tokens']} times for {facts['tokens']} tokens the same"
        f" {len(facts['fields'])} fields of the scanner are overwritten",
    )


@experiment("c2.10", decide_token_struct)
def measure_token_struct(lab: Lab) -> Facts:
    """Read the declarations, search for places that make one, and count tokens."""
    types = _token_types(lab)
    made = search(lab, r"\b[tT]oken\{|new\([tT]oken\)", f"{SYNTAX}/scanner.go")
    scanner = go_file(f"{SYNTAX}/scanner.go", lab.bench.target)
    fields = [
        name for name in scanner.fields("scanner") if name not in ("source", "mode", "nlsemi")
    ]
    return {
        "token types": types,
        "made": len(made),
        "tokens": len(scanned(lab, SUM).tokens),
        "fields": fields,
    }


def decide_stream(facts: Facts) -> Ruling:
    """c2.11: whether line ends and comments are skipped, and a stream is handed over."""
    return settle(
        not facts["automatic semicolons"] and not facts["comments that matter"],
        "the scanner skipped all line ends and comments",
        f"{facts['typed semicolons']} semicolons are in the file and"
        f" {facts['automatic semicolons']} of the {facts['tokens']} tokens are semicolons made of"
        f" line ends. The comment {' and '.join(facts['comments that matter']) or '(none)'} changed"
        f" what the compiler did. And nothing is handed over: {facts['next']} has no result, the"
        " parser calls it for each token",
    )


@experiment("c2.11", decide_stream)
def measure_stream(lab: Lab) -> Facts:
    """Count semicolons, and see whether a comment can move an error."""
    tokens = scanned(lab, SUM).tokens
    said = lab.compile_text(SUM.replace("\tx :=", "//line fake.go:99\n\tx :=")).text
    scanner = go_file(f"{SYNTAX}/scanner.go", lab.bench.target)
    return {
        "typed semicolons": SUM.count(";"),
        "automatic semicolons": sum(token.automatic for token in tokens),
        "tokens": len(tokens),
        "comments that matter": ["//line"] if said.startswith("fake.go:99") else [],
        "next": scanner.header("scanner.next"),
    }

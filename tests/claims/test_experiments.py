from __future__ import annotations

import os

import pytest

from golifelab.claims.board import Board, claim_board, run_claims
from golifelab.claims.experiment import experiments, run_experiment
from golifelab.claims.ledger import Verdict, load_ledger
from golifelab.claims.stacks import parse_stacks
from golifelab.claims.workbench import Lab, workbench
from golifelab.errors import FeatureUnavailable, GolifelabError
from golifelab.link.modes.ccompiler import machine

CHAPTER_1 = [claim.id for claim in load_ledger().chapter(1)]
CHAPTER_2 = [claim.id for claim in load_ledger().chapter(2)]
CHAPTER_3 = [claim.id for claim in load_ledger().chapter(3)]
CHAPTER_4 = [claim.id for claim in load_ledger().chapter(4) if claim.id in experiments()]
TRIED = [*CHAPTER_1, *CHAPTER_2, *CHAPTER_3, *CHAPTER_4]
NEEDS_GCC = {"c1.07", "c1.08"}
NEEDS_GCC_3 = {"c3.28", "c3.31", "c3.33", "c3.35", "c3.36", "c3.37"}

# For every claim, facts that no toolchain gives today and that speak for the other side.
CONTRARY = {
    "c1.01": {"compiler phases": {"parse": 1}},
    "c1.02": {"bare command works": True, "ssa values": 12},
    "c1.03": {"-dump=ssa works": True},
    "c1.04": {"object bytes": 0},
    "c1.05": {"compile runs": 3},
    "c1.06": {"object bytes": 0},
    "c1.07": {"dynamic": {"hello": False, "net cgo": False}},
    "c1.08": {"builds": {"hello": ("internal", False), "hello external": ("external", True)}},
    "c1.09": {"sections": {".text": 1}},
    "c1.10": {"chain": ["syscall.write", "runtime.printlock", "fmt.Println"]},
    "c1.11": {"root": "runtime.injected"},
    "c1.12": {"runs with a wrong interpreter": True},
    "c1.13": {"interpreter": {"hello": "", "hello pie": ""}},
    "c1.14": {"mapped": []},
    "c1.15": {"entry symbol": "_start"},
    "c1.16": {"runtime sources that define _start": ["rt0_linux_amd64.s"]},
    "c1.17": {"entry calls": ["runtime.rt0_go", "runtime.main"]},
    "c1.18": {"sets up": {"the stack": False}},
    "c1.19": {"goroutine 1": ["main.main", "runtime.goexit"]},
    "c1.20": {"a new goroutine ran": False},
    "c1.21": {"lines of hello": 4, "speaks of the start": True},
    "c1.22": {"objects the linker reads": 0},
    "c1.23": {"c functions in hello": ["_cgo_panic"]},
    "c1.24": {"interpreter": "/lib/ld.so"},
    "c1.25": {"rt0_go calls": ["runtime.initsig"], "sysmon is started by": []},
    "c2.01": {"in the compiler": ["IDENT", "INT", "ADD", "LPAREN"]},
    "c2.02": {"compiles": True},
    "c2.03": {"instructions": 0, "ssa values": 12},
    "c2.04": {"tree lines": 8},
    "c2.05": {"methods in scanner.go": 2, "methods elsewhere": 16},
    "c2.06": {"methods": ["init", "scan"]},
    "c2.07": {"in the compiler": ("FUNC", 71)},
    "c2.08": {"token types": {"a": "struct", "b": "int"}},
    "c2.09": {"kept by the scanner": {"42": "42", "0x2a": "42"}},
    "c2.10": {"token types": {"a": "struct", "b": "struct"}, "made": 5},
    "c2.11": {"automatic semicolons": 0, "comments that matter": []},
    "c2.12": {"LoadPackage calls": ["ParseFile"]},
    "c2.13": {"fields": ["Pragma", "Decls"]},
    "c2.14": {"#line is accepted": True},
    "c2.15": {"declare calls": ["Insert", "objDecl"]},
    "c2.16": {"messages": {"variables": "", "constants": ""}},
    "c2.17": {"message": "undeclared name: x"},
    "c2.18": {"messages": {"type T *T": "invalid recursive type", "type T T": ""}},
    "c2.19": {"exists": True},
    "c2.20": {"node kinds": ["CallExpr"]},
    "c2.21": {"node kinds": ["CallExpr"]},
    "c2.22": {"nowhere": [], "the compiler imports": ["go/ast", "go/parser", "go/scanner"]},
    "c2.23": {"types are stored in the tree": False},
    "c2.24": {"messages": {"[]int → []any": ""}},
    "c2.25": {"an implements clause": ""},
    "c2.26": {"refused with": ""},
    "c2.27": {"refused with": ""},
    "c2.28": {"named by Go": 3},
    "c2.29": {"one method more": "has more methods", "through any": "impossible"},
    "c2.30": {"refused with": ""},
    "c2.31": {"refused with": ""},
    "c2.32": {"named by Go": 3},
    "c2.33": {"defined twice": ["v7"]},
    "c2.34": {"phis of what is never assigned": {499: [], 501: []}},
    "c2.35": {"names with a version": 12},
    "c2.36": {"with another number of arguments": 1},
    "c2.37": {"a page after the second build": True, "packages that dump a main": ["lab"]},
    "c2.38": {"most phis of add": 2},
    "c2.39": {
        "blocks": {"blk001": "If", "blk002": "Plain", "blk003": "Plain", "blk004": "Ret"},
        "where ways meet": ["blk004"],
    },
    "c2.40": {"trees between": []},
    "c2.41": {"others before lower": ["opt"]},
    "c2.42": {"registers of each phi and its arguments": {"v8": ["CX", "CX", "BX"]}},
    "c2.43": {"passes that add phis": ["insert phis"]},
    "c2.44": {
        "values on the stack": {name: {4: 0, 16: 2, 32: 5} for name in ("amd64", "arm64")},
    },
    "c2.45": {"number 31 is": {"madd": "xzr", "sub": "xzr"}},
    "c2.46": {"kept": ["SP", "BP"]},
    "c2.47": {"with two operands": ["imul rbx, rcx"]},
    "c2.48": {"csel reads flags": False, "three operands on amd64": []},
    "c2.49": {"hold a value over the call": {"amd64": ["BX"], "arm64": ["R19"]}},
    "c2.50": {"a + b*c": ["mul x1, x1, x2", "add x0, x0, x1"]},
    "c2.51": {"written without being named, by two operands": ["rdx"]},
    "c2.52": {"registers": ["rdi", "rdx", "rsi"]},
    "c2.53": {"lines about graph colouring": 3},
    "c3.01": {"for a loader": [".rela.plt"]},
    "c3.02": {"traceback when stripped": []},
    "c3.03": {"runtime names with a dot": 12},
    "c3.04": {"mstart": {"runtime.mstart": "LOCAL"}},
    "c3.05": {"seen by the loader": {"hello": ["runtime.nanotime"]}},
    "c3.06": {"functions of another type": 5},
    "c3.07": {"lines": 1600},
    "c3.08": {
        "found": [
            ["runtime.nanotime", 0x42A1C0, 128, "GLOBAL"],
            ["runtime.mstart", 0x42B3F0, 40, "LOCAL"],
        ]
    },
    "c3.09": {"sections": {"hello": [".got.plt", ".plt"]}},
    "c3.10": {"runtime.init calls": ["runtime.symbolize"]},
    "c3.11": {"direct calls to no function": 3},
    "c3.12": {"where": {"runtime.m0": {"section": "", "writable": False, "in the file": True}}},
    "c3.13": {"tables": {"stack maps": "not in the file"}},
    "c3.14": {"sections": {"hello": [".data.rel.ro"]}, "named like it": ["runtime.stackMap"]},
    "c3.15": {"copies in rt0_go": ["runtime.memmove"]},
    "c3.16": {"declared": {"nbit": "uint32"}, "nbit": 1},
    "c3.17": {"nbit": 24},
    "c3.18": {"named like it": ["runtime.m0.init"]},
    "c3.19": {
        "left to the loader": {"places": 0, "places pie": 0},
        "moves from run to run": {"places": [], "places pie": []},
    },
    "c3.20": {"holds runtime._gcdata": ["runtime.a"]},
    "c3.21": {"lookups that differ": 9},
    "c3.22": {"stack bytes each": 0, "reads stack maps": ["runtime.pcdatavalue"]},
    "c3.23": {"packages with C": ["net"]},
    "c3.24": {"libraries": {"hello": ["libc.so.6"], "netapp": ["libc.so.6"]}},
    "c3.25": {"interpreter": {"hello": "", "netapp": "/lib/ld.so"}},
    "c3.26": {"libraries": {"netapp": ["libc.so.6", "libpthread.so.0"]}},
    "c3.27": {"files": ["/etc/hosts"]},
    "c3.28": {"order by setting": {"": "cgo", "go": "cgo", "cgo": "cgo"}},
    "c3.29": {"about DNSSEC among them": ["res_sec"]},
    "c3.30": {"interpreter": {"CGO_ENABLED=0 go build": "/lib/ld.so", "with -s -w": ""}},
    "c3.31": {"compiler": "musl-gcc"},
    "c3.32": {"ldd says": "statically linked"},
    "c3.33": {"libraries": ["libpthread.so.0", "libc.so.6"]},
    "c3.34": {"left out": [], "refused with": ""},
    "c3.35": {"prints": "21"},
    "c3.36": {"libraries": {"plain": ["libc.so.6"], "with -s -w": []}},
    "c3.37": {"libraries with the flag": {"netapp": [], "cgoapp": []}},
    "c3.38": {"comes out otherwise": {}},
    "c4.01": {"in memory before": 513, "in memory after": 513},
    "c4.02": {"calls shown": {"execve": 1, "mmap": 0, "mprotect": 0, "brk": 0}},
    "c4.03": {"maps of files": {"hello": ["mmap(NULL, 1, PROT_EXEC, MAP_DENYWRITE, 3, 0) = 0x1"]}},
    "c4.04": {"written while mapped with it": False},
    "c4.05": {"over .dynamic": 1},
    "c4.06": {"opens itself": {"hello": True}},
    "c4.07": {"of the file": False},
    "c4.08": {"file's own after": 33, "file's own before": 33},
    "c4.09": {"of the file": "homes"},
    "c4.10": {"mapped alike": ["r-x", "rw-"]},
    "c4.11": {"functions": {"makes a mapping": ""}},
    "c4.12": {"article's functions": {"do_page_fault": True, "file_read_actor": True}},
    "c4.13": {"mapped": 1 << 20, "of the file": 1 << 20},
    "c4.14": {"tables": {".gopclntab": "r-x", ".rodata": "r-x"}},
    "c4.15": {"grown": 4096},
    "c4.16": {"committed later": 4 << 20, "committed": 4 << 20},
    "c4.17": {"limit": 2 << 20, "mapped": 2 << 20},
    "c4.18": {"live": {"g0 is in the kernel's stack": False, "bytes": 65536}},
    "c4.19": {"at first": 8192},
    "c4.20": {"stack": 16 << 20, "HeapInuse": 16 << 20},
    "c4.21": {"hidden": []},
    "c4.22": {"permissions": {"code": "rwxp"}},
    "c4.23": {"writable and executable": {"hello": 1}},
    "c4.24": {"there but not listed": [0x7000]},
    "c4.25": {"bytes of code": {"hello": 6_000_000}},
    "c4.26": {"collections": 0},
    "c4.27": {"default limit": 1 << 30, "limit": 1 << 24, "largest with that limit": 1 << 24},
    "c4.28": {"functions called growstack": ["runtime.growstack"]},
    "c4.29": {"stack": 4 << 20},
    "c4.30": {"scvg lines": 2},
    "c4.31": {"levels in a frame": 1, "inlined into itself": ""},
    "c4.32": {"inits that runtime.init calls": ["os.init"]},
    "c4.33": {"before what they import": ["a before z"]},
    "c4.34": {"functions": ["main.init"]},
    "c4.35": {"from importer to imported": 0, "from imported to importer": 89},
    "c4.36": {"refused with": "", "other packages in the output of go build": ["os"]},
    "c4.37": {"symbols without": []},
    "c4.38": {"packages with an init.0": ["log"], "has init work": {"log": True, "fmt": True}},
    "c4.39": {"lines with it": 0},
    "c4.40": {"lines that name what a package needs": 14, "packages left out": []},
    "c4.41": {"orders at run": [["z", "m", "a", "main"], ["m", "z", "a", "main"]]},
    "c4.42": {"last": {"inits": "os"}},
    "c4.43": {"runtime’s list": []},
    "c4.44": {"rt0_go calls": ["runtime.args", "runtime.main"]},
    "c4.45": {"frames": []},
    "c4.46": {"in assembly": ["asm_amd64.s"], "frame": 8},
    "c4.47": {"at runtime.main": 8},
    "c4.48": {"runtime.main calls": ["runtime.mstart"]},
    "c4.49": {"caller of main.main": "runtime.goexit0"},
    "c4.50": {"newproc runs on": "goroutine", "goid at newproc": 1},
    "c4.51": {"below schedule": ["runtime.main"]},
    "c4.52": {"stack of runtime.main": "same"},
    "c4.53": {"counts": {"main.main": 1, "runtime.goexit1": 1}},
    "c4.54": {
        "order": [
            "runtime.main",
            "runtime.mstart",
            "runtime.schedule",
            "runtime.goexit1",
            "main.main",
        ]
    },
    "c4.55": {
        "order": [
            "runtime.main",
            "runtime.newproc",
            "runtime.mstart",
            "runtime.schedule",
            "runtime.execute",
            "main.main",
        ]
    },
}


@pytest.fixture(scope="module")
def board(target) -> Board:
    return run_claims(target=target)


def test_every_claim_of_the_lessons_has_an_experiment():
    assert set(experiments()) == set(TRIED) == set(CONTRARY)


@pytest.mark.parametrize("id_", TRIED)
def test_the_verdict_found_is_the_ledgers(board, id_):
    finding = board.findings[id_]
    if finding.verdict is None and id_ in NEEDS_GCC:
        assert "gcc" in finding.unavailable
        return
    assert finding.verdict is load_ledger()[id_].verdict, finding
    assert finding.because
    assert finding.evidence
    assert finding.seconds < 60


@pytest.mark.parametrize("id_", TRIED)
def test_contrary_facts_give_another_verdict(board, id_):
    finding = board.findings[id_]
    if finding.verdict is None:
        pytest.skip(finding.unavailable)
    assert set(CONTRARY[id_]) <= set(finding.measured), "the mutation must hit a measured fact"
    ruling = experiments()[id_].decide({**finding.measured, **CONTRARY[id_]})
    assert ruling.verdict is not finding.verdict
    assert ruling.because


def test_the_compiler_is_judged_alike_without_the_helper(monkeypatch):
    monkeypatch.setenv("GOLIFELAB_HELPER", "off")
    board = run_claims(CHAPTER_2)
    assert board.disagreements() == ()
    assert {finding.unavailable for finding in board.findings.values()} == {""}


def test_evidence_shows_no_folder_of_this_machine(board, target):
    bench = workbench(target)
    for finding in board.findings.values():
        for evidence in finding.evidence:
            for folder in (bench.directory, bench.go.root):
                assert str(folder) not in evidence.command + evidence.output
            assert len(evidence.output) < 4000


def test_counts_and_forms_of_the_board(board):
    assert sum(board.counts().values()) == 194
    assert board.disagreements() == ()
    frame = board.frame()
    assert list(frame.columns[:3]) == ["chapter", "section", "claim"]
    assert len(frame) == 194
    data = board.to_json()
    assert data["claims"][0]["finding"]["claim"] == "c1.01"
    assert sum(data["chapters"]["1"].values()) == 25
    assert board.lines()[-1].startswith("194 claims: ")
    assert claim_board().counts()["not tried yet"] == len(experiments())


def test_progress_counts_up():
    seen = []
    run_claims(["c1.15", "c1.03"], progress=lambda *step: seen.append(step))
    assert seen == [(0, 2, "c1.15"), (1, 2, "c1.03"), (2, 2, "")]


def test_a_claim_without_experiment_is_refused_kindly():
    with pytest.raises(GolifelabError, match="no experiment yet"):
        run_experiment("c5.01")
    with pytest.raises(GolifelabError, match="no claim"):
        run_claims(["c7.01"])


@pytest.fixture
def empty_path(tmp_path, monkeypatch):
    """A PATH on which there is no gcc, gdb or strace."""
    monkeypatch.setenv("PATH", str(tmp_path))
    from golifelab.claims import workbench as module

    module._bench.cache_clear()  # programs built with gcc must not be found again
    yield
    module._bench.cache_clear()


def test_without_system_programs_only_what_needs_gcc_is_unavailable(empty_path):
    board = run_claims([*CHAPTER_1, "c2.49", "c2.52", "c3.05", "c3.07", "c3.09", "c3.14"])
    assert not board.findings["c2.49"].measured["gcc saves first"]
    missing = {id_ for id_, finding in board.findings.items() if finding.verdict is None}
    assert missing == NEEDS_GCC
    assert all("gcc is not available" in board.findings[id_].unavailable for id_ in missing)
    assert board.disagreements() == ()


def test_static_linking_is_judged_without_a_c_compiler_as_far_as_it_goes(empty_path):
    board = run_claims([f"c3.{number}" for number in range(23, 39)])
    missing = {id_ for id_, finding in board.findings.items() if finding.verdict is None}
    assert missing == {*NEEDS_GCC_3, "c3.32"}
    assert all("gcc" in board.findings[id_].unavailable for id_ in missing - {"c3.32"})
    assert "ldd is not available" in board.findings["c3.32"].unavailable
    assert board.disagreements() == ()
    # What is read from Go's source, and our own tracing, are enough for the rest.
    assert board.findings["c3.27"].measured["files"]


@pytest.mark.slow
def test_static_linking_is_judged_for_another_processor_as_far_as_it_goes(newest):
    other = {"amd64": "arm64"}.get(machine(), "amd64")
    board = run_claims(
        [f"c3.{number}" for number in range(23, 39)], target=newest.with_(goarch=other)
    )
    missing = {id_ for id_, finding in board.findings.items() if finding.verdict is None}
    # What has to run, and what a C compiler for that processor would have to link.
    assert missing - {"c3.32"} == {*NEEDS_GCC_3, "c3.27"}
    assert board.disagreements() == ()


@pytest.fixture
def broken_gcc(tmp_path, monkeypatch):
    """A gcc that finds no static C library, as on machines that have the dynamic one only."""
    from golifelab.claims import workbench as module

    gcc = tmp_path / "gcc"
    gcc.write_text("#!/bin/sh\necho '/usr/bin/ld: cannot find -lc' >&2\nexit 1\n")
    gcc.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    module._bench.cache_clear()
    yield
    module._bench.cache_clear()


def test_a_compiler_that_fails_makes_claims_unavailable_not_wrong(broken_gcc):
    board = run_claims(["c1.08", "c1.13", "c1.16"])
    assert board.findings["c1.08"].verdict is None
    assert "cannot find -lc" in board.findings["c1.08"].unavailable
    assert board.disagreements() == ()
    assert board.findings["c1.13"].verdict is Verdict.CORRECTED
    assert board.findings["c1.16"].verdict is Verdict.CORRECTED


def test_an_exercise_it_cannot_link_is_not_wrong(broken_gcc, monkeypatch, tmp_path):
    from golifelab.course.exercise import State, exercise

    monkeypatch.setenv("GOLIFELAB_PROGRESS", str(tmp_path / "progress.json"))
    result = exercise("1d").check('-linkmode external -extldflags "-static"')
    assert result.state is State.UNCHECKABLE


def test_a_foreign_processor_is_unavailable_not_wrong():
    from golifelab.target import Target

    finding = run_experiment("c1.20", target=Target(goarch="arm64"))
    assert finding.verdict is None
    assert "linux/arm64" in finding.unavailable


@pytest.mark.slow
def test_what_does_not_run_is_judged_alike_on_another_processor(target):
    board = run_claims(CHAPTER_3[:22], target=target.with_(goarch="arm64"))
    assert board.disagreements() == ()
    needs_a_process = {"c3.02", "c3.10", "c3.19", "c3.22"}
    assert {
        id_ for id_, finding in board.findings.items() if finding.unavailable
    } == needs_a_process


def test_a_missing_tool_is_named(empty_path):
    with pytest.raises(FeatureUnavailable, match="gcc"):
        Lab(workbench()).bench.need("gcc")


def test_stacks_of_a_traceback():
    text = """panic: x

goroutine 1 gp=0x1 m=0 [running]:
main.(*T).Do(0x1, {0x2, 0x3})
\t/x/main.go:7 +0x1
main.main()
\t/x/main.go:3
runtime.goexit({})
\t/x

goroutine 5 [select (no cases)]:
main.worker(...)
\t/x
created by main.main in goroutine 1
\t/x
"""
    first, second = parse_stacks(text)
    assert first.functions == ("main.(*T).Do", "main.main", "runtime.goexit")
    assert (second.state, second.created_by) == ("select (no cases)", "main.main")
    assert parse_stacks("goroutine 1 [x]:") == parse_stacks("goroutine 1 [x]:\n")
    assert parse_stacks(os.urandom(4000).decode("latin-1")) is not None


def test_verdicts_have_the_words_of_the_ledger():
    assert {verdict.value for verdict in Verdict} == {
        "confirmed",
        "corrected",
        "obsolete",
        "unverifiable",
        "off topic",
    }

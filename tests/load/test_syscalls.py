"""System calls by strace and by our own tracing: the same values, and what is read from them."""

from __future__ import annotations

import re
import shutil
import struct

import pytest
from hypothesis import given, settings, strategies as st

from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import link
from golifelab.load.syscalls.call import SystemCall, split_arguments
from golifelab.load.syscalls.decode import arguments_text
from golifelab.load.syscalls.numbers import call_name, call_names
from golifelab.load.syscalls.space import Ranges
from golifelab.load.syscalls.stage import SystemCalls, system_calls
from golifelab.load.syscalls.strace import parse_strace
from golifelab.load.syscalls.words import quoted, signal_set
from golifelab.source import Source
from tests.interrupting import interrupted_when_busy

_ADDRESS = re.compile(r"0x[0-9a-f]{5,}")
_RANDOM = re.compile(r'getrandom\("[^"]*"')


def traced(program, tier, **options) -> SystemCalls:
    try:
        return system_calls(program, tier=tier, **options)
    except FeatureUnavailable as error:
        pytest.skip(error.message)


def start_of(calls: SystemCalls) -> list[tuple[str, str]]:
    """The calls until there is a second thread: from then on every run is another."""
    found = []
    for row in calls.rows:
        line = _RANDOM.sub("getrandom(…", _ADDRESS.sub("A", row.line()))
        line = re.sub(r"/\* \d+ vars \*/|/\* 1 var \*/", "", line)
        if row.name == "read" and row.number(2) == 1024:
            line = "read of /proc/self/maps, where no two runs have the same addresses"
        found.append((line.replace(str(calls.rows[0].thread), "PID"), row.function))
        if row.name.startswith("clone"):
            break
    # How many threads there will be, and so who asks for which memory, is not the same every time.
    return found[:-1]


def test_our_tracing_and_strace_see_the_same(kind):
    for _ in range(5):
        one, *others = (
            start_of(traced(kind, tier))
            for tier in ("strace", "ptrace", *(() if kind.interpreter else ("loop",)))
        )
        # The place of the heap is drawn by lot, and it may need a piece more.
        if all(one == other for other in others):
            break
    assert all(one == other for other in others)
    assert len(one) > 100
    assert {function for _, function in one} > {"runtime.rt_sigaction"} or kind.interpreter


@pytest.mark.parametrize("tier", ["strace", "ptrace", "loop"])
def test_the_calls_of_a_static_program(program, tier):
    calls = traced(program, tier)
    assert calls.how == tier
    assert (calls.returncode, calls.cut) == (0, "")
    assert "hello" in calls.output or calls.named("write")
    assert calls.rows[0].name == "execve"
    assert calls.rows[0].at == 0
    assert all(row.at >= 0 for row in calls.rows)
    assert {row.result for row in calls.named("exit_group")} == {None}
    assert all(row.number(4) == -1 for row in calls.named("mmap"))
    assert not calls.named("brk", "mprotect")
    assert len(calls.threads) > 1
    assert {"PROT_NONE", "MAP_ANONYMOUS"} <= set(calls.named("mmap")[3].flags)
    space = calls.space
    assert space.reserved > 1 << 30
    assert 1 << 20 < space.committed < 1 << 28
    assert space.reserved + space.committed == sum(end - start for start, end, _ in space.ranges)
    assert {step.kind for step in space.steps} >= {"reserve", "commit", "advise"}
    files = [one for one in calls.descriptors if one.opened >= 0]
    assert files[0].number == 3
    assert all(one.closed is None or one.opened < one.closed for one in files)
    assert not any(one.maps for one in files)
    assert len(calls.frame()) == len(calls.to_json()["calls"]) == sum(calls.counts().values())


def test_our_tracing_tells_who_asked_for_memory(kind):
    calls = traced(kind, "auto", asked=True)
    if calls.how != "ptrace":
        pytest.skip("only our own tracing looks at the stack")
    asked = [row.asked for row in calls.named("mmap") if row.asked]
    # What goes through a C library cannot be followed back.
    wanted = {"runtime.(*pageAlloc).sysInit", "runtime.(*mheap).sysAlloc"}
    assert not asked if kind.mode.linkmode else wanted <= set(asked)
    assert not {"runtime.sysMmap", "runtime.mmap", "runtime.sysReserve"} & set(asked)


@pytest.mark.parametrize("tier", ["strace", "ptrace", "loop"])
def test_an_endless_program_leaves_what_was_seen(endless, tier):
    calls = traced(endless, tier, timeout=1.0)
    assert calls.returncode is None
    assert calls.cut
    assert len(calls.named("rt_sigaction")) > 50


@pytest.mark.parametrize("tier", ["strace", "ptrace", "loop"])
def test_an_interrupted_program_leaves_what_was_seen(endless, tier):
    with interrupted_when_busy():
        calls = traced(endless, tier, timeout=20)
    assert "interrupted" in calls.cut
    assert len(calls.named("rt_sigaction")) > 50


@pytest.mark.parametrize("tier", ["strace", "ptrace"])
def test_a_program_that_is_not_go_s_is_traced_as_well(tier):
    calls = traced(shutil.which("true"), tier, asked=True)
    assert calls.returncode == 0
    assert calls.named("execve", "exit_group")
    assert not any(row.function or row.asked for row in calls.rows if row.name == "mmap")


def test_a_program_that_starts_another_one_is_not_disturbed(newest):
    """What it forks for that runs through the same code, and is nobody's to hold."""
    text = (
        'package main\n\nimport (\n\t"fmt"\n\t"os/exec"\n)\n\nfunc main() {\n'
        '\tout, err := exec.Command("/bin/echo", "child").Output()\n'
        "\tfmt.Println(string(out), err)\n}\n"
    )
    calls = traced(link(Source.from_text(text), newest), "loop")
    assert (calls.returncode, calls.output) == (0, "child\n <nil>\n")
    assert calls.named("wait4", "waitid")


def test_without_ptrace_a_dynamic_program_is_a_recording(kind):
    if kind.interpreter:
        with pytest.raises(FeatureUnavailable, match="a loader"):
            system_calls(kind, tier="loop")


def test_halves_of_calls_are_put_together():
    text = (
        "7 1.000001 [0000000000401000] clone(child_stack=0x1, flags=CLONE_VM <unfinished ...>\n"
        "8 1.000002 [0000000000402000] gettid( <unfinished ...>\n"
        "7 1.000003 [0000000000401000] <... clone resumed>, tls=0x2) = 8\n"
        "8 1.000004 [0000000000402000] <... gettid resumed>) = 8\n"
        "7 1.000005 [0000000000403000] rt_sigprocmask(SIG_SETMASK, [],  <unfinished ...>\n"
        "7 1.000006 [0000000000403000] <... rt_sigprocmask resumed>NULL, 8) = 0\n"
        "7 1.000007 [0000000000404000] futex(0x1, FUTEX_WAIT_PRIVATE, 0, NULL <unfinished ...>\n"
        "7 1.000008 [0000000000404000] <... futex resumed> <unfinished ...>) = ?\n"
    )
    rows = parse_strace(text)
    assert [row.line() for row in rows] == [
        "clone(child_stack=0x1, flags=CLONE_VM, tls=0x2) = 8",
        "gettid() = 8",
        "rt_sigprocmask(SIG_SETMASK, [], NULL, 8) = 0",
        "futex(0x1, FUTEX_WAIT_PRIVATE, 0, NULL) = ?",
    ]
    assert [row.at for row in rows] == [0.0, 1.0, 4.0, 6.0]
    assert rows[0].address == 0x401000


def memory(pieces):
    def read(address, count):
        for start, data in pieces.items():
            if start <= address < start + len(data):
                return data[address - start : address - start + count]
        raise OSError

    return read


CALLS = [
    ("mmap", (0, 4096, 3, 0x22, 2**64 - 1, 0), None,
     "NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0"),
    ("mmap", (16, 1, 0, 0x4000000, 3, 0x26000), None, "0x10, 1, PROT_NONE, 0x4000000, 3, 0x26000"),
    ("openat", (2**64 - 100, 1 << 12, 0x80000, 0, 0, 0), None,
     'AT_FDCWD, "/x\\n", O_RDONLY|O_CLOEXEC'),
    ("openat", (5, 0, 0x241, 0o644, 0, 0), None, "5, NULL, O_WRONLY|O_CREAT|O_TRUNC, 0644"),
    ("read", (3, 1 << 12, 20, 0, 0, 0), 2, '3, "/x", 20'),
    ("read", (3, 1 << 12, 20, 0, 0, 0), -9, "3, 0x1000, 20"),
    ("read", (3, 1 << 12, 20, 0, 0, 0), None, "3, 0x1000, 20"),
    ("write", (1, 1 << 12, 2, 0, 0, 0), None, '1, "/x", 2'),
    ("rt_sigprocmask", (2, 1 << 13, 0, 8, 0, 0), None, "SIG_SETMASK, ~[RTMIN RT_1], NULL, 8"),
    ("rt_sigprocmask", (2, 7, 0, 8, 0, 0), None, "SIG_SETMASK, 0x7, NULL, 8"),
    ("futex", (64, 128, 0, 0, 0, 0), None, "0x40, FUTEX_WAIT_PRIVATE, 0, NULL"),
    ("futex", (64, 1, 5, 0, 0, 0), None, "0x40, FUTEX_WAKE, 5"),
    ("prlimit64", (0, 3, 0, 1 << 14, 0, 0), 0,
     "0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}"),
    ("nanosleep", (1 << 14, 0, 0, 0, 0, 0), None, "{tv_sec=8388608, tv_nsec=-1}, NULL"),
    ("madvise", (4096, 4096, 15, 0, 0, 0), None, "0x1000, 4096, MADV_NOHUGEPAGE"),
    ("madvise", (4096, 4096, 99, 0, 0, 0), None, "0x1000, 4096, 0x63"),
    ("tgkill", (5, 6, 23, 0, 0, 0), None, "5, 6, SIGURG"),
    ("fcntl", (0, 4, 0o4001, 0, 0, 0), None, "0, F_SETFL, O_WRONLY|O_NONBLOCK"),
    ("fcntl", (0, 3, 9, 0, 0, 0), 1, "0, F_GETFL"),
    ("prctl", (0x53564D41, 0, 4096, 8192, 1 << 12, 0), None,
     'PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x1000, 8192, "/x\\n"'),
    ("nothing", (1, 2, 3, 4, 5, 6), None, "0x1, 0x2, 0x3, 0x4, 0x5, 0x6"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "result", "words"), CALLS)
def test_arguments_in_words(name, values, result, words):
    read = memory(
        {
            1 << 12: b"/x\n\0",
            1 << 13: (2**64 - 1 & ~(3 << 31)).to_bytes(8, "little"),
            1 << 14: struct.pack("<qq", 8 << 20, -1),
        }
    )
    assert arguments_text(name, values, read, result) == words


@given(st.sampled_from([*call_names("amd64").values()]), st.binary(max_size=80), st.data())
@settings(max_examples=150, deadline=None)
def test_no_arguments_are_too_strange(name, data, draw):
    word = st.one_of(st.integers(0, 2**64 - 1), st.just(1 << 12))
    values = draw.draw(st.tuples(*[word] * 6))
    result = draw.draw(st.one_of(st.none(), st.integers(-4096, 2**16)))
    text = arguments_text(name, values, memory({1 << 12: data}), result)
    assert isinstance(text, str)
    assert "\n" not in text
    row = SystemCall(1, name, text, result)
    assert len(row.words) <= 6
    assert row.line()


def test_names_and_sets():
    assert call_name(9, "amd64") == call_name(222, "arm64") == "mmap"
    assert call_name(99999, "amd64") == "syscall_0x1869f"
    assert call_names("nothing") == {}
    assert signal_set(0) == "[]"
    assert signal_set(2**64 - 1) == "~[]"
    assert signal_set(1 << 22) == "[URG]"
    assert quoted(b'\x7fELF"\\\x001\0a') == '"\\177ELF\\"\\\\\\0001\\0a"'
    assert split_arguments('3, "a, \\"b", {x=1, y=[2, 3]}, ~[A B]') == (
        "3",
        '"a, \\"b"',
        "{x=1, y=[2, 3]}",
        "~[A B]",
    )
    assert split_arguments("") == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from([None, False, True])),
        max_size=30,
    )
)
@settings(max_examples=100, deadline=None)
def test_ranges_are_what_a_table_of_all_pages_says(steps):
    ranges, pages = Ranges(), {}
    for start, size, state in steps:
        ranges.put(start, start + size, state)
        for page in range(start, start + size):
            pages[page] = state
    kept = {page: state for page, state in pages.items() if state is not None}
    assert {p: s for low, high, s in ranges.rows for p in range(low, high)} == kept
    assert ranges.starts == [low for low, _, _ in ranges.rows] == sorted(ranges.starts)
    assert ranges.totals == {s: list(kept.values()).count(s) for s in (False, True)}

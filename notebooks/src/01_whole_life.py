# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 · The whole life of a program
#
# One file of Go, a few commands, one process: this lesson goes the whole way once, quickly. The
# later lessons walk the same way slowly.
#
# **After this lesson you can**
#
# - build a program by hand, in three steps: compile, link, run;
# - say when a Go program is static, and who linked it, and why these are two questions;
# - name the first instruction that runs, and the way from there to `main.main`;
# - read the times that compiler and linker report about themselves.
#
# **Time** 75 minutes · **You need** [00 Start here](00_start_here.ipynb) · **Better with** gcc
# (sections 2 and 3), gdb or ptrace (2.3, 3.2); everything runs without them and says what is left
# out.
#
# Previous: [00 Start here](00_start_here.ipynb) · Next: [02 Compile](02_compile.ipynb)

# %%
from golifelab import Program, Target, claim, exercise, quiz, sample
from golifelab.course.terminal import Terminal

# %% [markdown]
# ## 0 The line of stations
#
# Here is `add` again. Its rail has ten stations, from source to process. Select the `+` in the
# editor: each station shows what has become of it there. Then change it into `-` and watch.
#
# Which stations change, and which stay as they are? The number of tokens stays the same, the
# instruction does not. Now put a space in front of the `+`. What changes now?

# %%
program = sample("add")
program

# %% [markdown]
# Two programs that differ in one character, and what the operator has become in each:

# %%
other = program.edit("a + b", "a - b")
for one in (program, other):
    code = one.machine("add")
    counts = f"{len(one.tokens)} tokens · {len(one.syntax)} nodes · {len(code)} instructions"
    print(counts, "·", code.at(one.locate("8:12"))[0].text)

# %% [markdown]
# **Surprise.** One character, and the counts agree at nearly every station; what differs is one
# value and what is made of it. A space more would move positions, and change nothing that the
# machine sees. Not every edit is so tame: put `/` in place of `+`, and see what a division needs.
#
# ---
# ## 1 From source to object file
#
# ### 1.1 What does -S print?

# %%
claim("c1.02")

# %% [markdown]
# **Run.** We type the command just as it is claimed, in a folder that holds hello's `main.go`.

# %%
terminal = Terminal(sample("hello"))
terminal("go tool compile -S main.go")

# %% [markdown]
# It fails before it could print anything. The compiler is asked to import `fmt`, and does not know
# where the compiled `fmt` is: since Go 1.20 the distribution comes without compiled packages. They
# are made when needed and kept in the build cache. The go command knows the places, so let it write
# them down, in the form that the compiler reads:

# %%
packages = "go list -export -f '{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}'"
terminal(f"{packages} -deps fmt", into="importcfg")
listing = terminal("go tool compile -p main -importcfg importcfg -S main.go")
listing

# %% [markdown]
# Repaired. Now, is this SSA? In SSA form every value has a number and a definition, such as
# `v13 = Add64 v7 v8`. Count them, and count machine instructions:

# %%
print("SSA values:  ", len(listing.grep(r"\bv\d+ = ").lines))
print("instructions:", len(listing.grep(r"^\t0x\w+ \d+ .*\t[A-Z]+").lines))

# %%
claim("c1.02").run()

# %% [markdown]
# For comparison, this is SSA: the function `add` as it was first built.

# %%
ssa = program.ssa("add")
print(ssa.text(0))

# %% [markdown]
# ### 1.2 Where are the phases?

# %%
claim("c1.03")

# %% [markdown]
# **Run.** The second command that fails, and the one that does what it was meant to do. It writes
# a file for each pass over the one function you name.

# %%
phases = Terminal(program)
phases("go tool compile -dump=ssa main.go")

# %%
phases(f"{packages} -deps fmt", into="importcfg")
phases("go tool compile -p main -importcfg importcfg -d=ssa/all/dump=add main.go")
dumps = phases.files().grep(r"add_\d+__")
print(len(dumps.lines), "files")
print("\n".join([*dumps.lines[:3], "        …", *dumps.lines[-3:]]))

# %%
claim("c1.03").run()

# %% [markdown]
# You need not read that many files. The course has the same passes as a value. Here are the values
# of the last pass, and what the same number stood for when the function was built. Mind that word:
# the number of a dead value is given out again, so it may have been another value altogether.

# %%
first, last = ssa.passes[0], ssa.passes[-1]
for value in last.values():
    before = first.value(value.id)
    print(f"{value.name:5} {before.op if before else '(new)':12} → {value.op:12} {value.location}")

# %% [markdown]
# **And a third one.** Another command that is often recommended mixes up two programs. `-gcflags`
# is a flag of the go command, which hands it on to the compiler; the compiler itself has no such
# flag.

# %%
terminal("go tool compile -gcflags=-S main.go").grep("not defined")

# %%
terminal("go build -gcflags=-S -o hello .").grep(r"STEXT|\tCALL\t")

# %% [markdown]
# **Surprise.** The file that comes last in the dump is `genssa`, and it is the first one with real
# instructions in it. All the passes before it work on values.
#
# ### 1.3 Is there an object file?

# %%
claim("c1.04")

# %% [markdown]
# **Run.** Compile without saying where the result should go, and look.

# %%
terminal("go tool compile -p main -importcfg importcfg main.go")
terminal.files()

# %% [markdown]
# `main.o` it is. The first bytes say that it is an archive, in the form that Unix linkers have
# read for fifty years; inside is something of Go's own.

# %%
made = terminal.read("main.o")
print(made[:8])
print(made[60:140])
print("Go's object format begins with", made[made.index(b"\x00go1") :][:8])

# %%
claim("c1.04").run()

# %% [markdown]
# The object file of `add` as a value: its symbols, and the places that the linker has to fill in.

# %%
program.object

# %% [markdown]
# **Surprise.** Ask readelf for the header of Go's object file, and it answers by name: *This is a
# GO binary file - try using 'go tool objdump' or 'go tool nm'*. GNU's tools know whom to send you
# to.
#
# ### 1.4 How much is compiled at once?

# %%
claim("c1.05")

# %% [markdown]
# **Run.** `greeting` is a package of three files that need each other in every direction. With
# `-a -n` the go command prints all that it would do if nothing were in the cache, and does nothing.

# %%
greeting = Terminal(sample("greeting"))
plan = greeting("go build -a -n .")
ours = plan.grep(r"compile .* -p main ")
print("runs of the compiler:", len(plan.grep(r"\bcompile -o ").lines))
print("files in the run for package main:", ours.lines[0].split("-pack")[1])

# %%
claim("c1.05").run()

# %% [markdown]
# **Exercise 1b.** How often does the compiler run when hello is built from nothing? Work it out
# before you count; `go list -deps .` names the packages.

# %%
terminal("go list -deps .")

# %% tags=["answer"]
compiler_runs = ...

# %% tags=["solution"]
compiler_runs = len(set(terminal("go list -deps .").lines) - {"unsafe"})

# %%
exercise("1b").check(compiler_runs)

# %% [markdown]
# **Surprise.** Some sixty packages for one line of output, and all of them are yours to read: they
# lie under `$GOROOT/src`.
#
# ### 1.5 By hand: compile, link, run

# %%
claim("c1.06")

# %% [markdown]
# **Run.** The object file is there already. The linker needs to know the packages as well, and then
# the program runs. `PATH=` in front makes sure that no other program can be found: no gcc, no ld.

# %%
terminal("PATH= go tool link -importcfg importcfg -o hello main.o")
terminal("PATH= ./hello")

# %%
claim("c1.06").run()

# %% [markdown]
# Two things make this possible, and neither is the absence of object files. Go has a linker of its
# own. And Go's library asks the kernel directly, with a `SYSCALL` instruction that is in the
# program itself: there is nothing that a C library would have to do.
#
# ---
# ## 2 Linking
#
# ### 2.1 Static or dynamic?
#
# Three claims at once, since one experiment settles them all.

# %%
claim("c1.07")

# %%
claim("c1.08")

# %%
claim("c1.13")

# %% [markdown]
# **Predict.** Eight builds; for each you say who links it (`"internal"` is Go's own linker, or
# `"gcc"`), whether it asks for an interpreter, whether it needs libc, and which symbol it is
# entered at. An *interpreter* is the program that the kernel starts in place of yours, so that it
# loads the libraries: where there is one, the program is dynamic.

# %% [markdown]
# **Exercise 1a.** Put four answers in place of each pair of dots: who links, `True` or `False` for
# the interpreter, `True` or `False` for libc, and the entry, `"_rt0_amd64_linux"` or `"_start"`.
# For example `("internal", False, True, "_start")`, which no build in the list is.

# %% tags=["answer"]
matrix = {
    "hello": ...,
    "hello -linkmode external": ...,
    'hello -linkmode external -extldflags "-static"': ...,
    "hello -buildmode=pie": ...,
    "net, CGO_ENABLED=0": ...,
    "net, CGO_ENABLED=1": ...,
    'net -extldflags "-static"': ...,
    "own cgo": ...,
}

# %% tags=["solution"]
from golifelab.course.exercises_whole_life import matrix_row
from golifelab.link.modes import static_matrix

matrix = {build.name: matrix_row(build) for build in static_matrix().rows if build.available}

# %%
exercise("1a").check(matrix)

# %% [markdown]
# **Run.** The real builds. The first time this takes some seconds, for the packages that use C are
# compiled once more.

# %%
from golifelab.course.figures import Quadrants
from golifelab.link.modes import static_matrix

builds = static_matrix()
columns = ["name", "linker", "interpreter", "needed", "entry_symbol", "size"]
builds.frame()[columns].set_index("name")

# %% [markdown]
# Read it column by column. The entry symbol tells who linked: `_start` is the C library's start-up
# code, and only gcc brings it. The interpreter tells whether the program is static. The two do not
# go together, as the same builds show in a field of four:

# %%
Quadrants(builds)

# %%
claim("c1.07").run()

# %%
claim("c1.08").run()

# %%
claim("c1.13").run()

# %% [markdown]
# **Surprise.** A program that only imports `net` is dynamic although no C linker has ever run. And
# the flag `-extldflags "-static"` alone changes nothing about that: it is a message to a linker
# that nobody calls, and nobody tells you.
#
# **Exercise 1d.** Make hello both: linked by gcc, and static. What do you give to `-ldflags`?

# %% tags=["answer"]
ldflags = ...

# %% tags=["solution"]
ldflags = '-linkmode external -extldflags "-static"'

# %%
exercise("1d").check(ldflags)

# %% [markdown]
# ### 2.2 What the linker makes of it

# %%
claim("c1.09")

# %% [markdown]
# **Run.** The sections of hello, the largest first; what only a debugger reads is left out.

# %%
from golifelab.course.figures import size_bars

hello = sample("hello").link()
loaded = [(section.name, section.size) for section in hello.sections if section.loaded]
size_bars(loaded, "The sections of hello that are loaded into memory")

# %%
claim("c1.09").run()

# %% [markdown]
# **Surprise.** `.gopclntab` is larger than `.text`, the machine code itself. It is the table from
# which the runtime knows, for each instruction, the function, the file and the line: panics,
# profiles and the garbage collector need it. It stays when you strip the program.
#
# ### 2.3 The way of a line to the screen

# %%
claim("c1.10")

# %% [markdown]
# **Run.** The program `blocked` prints until nobody reads its output any more. Then it rests
# within the write system call, and we can look at the stack at leisure. The innermost function
# comes first.

# %%
from golifelab.claims.stacks import write_chain

for function in write_chain(sample("blocked").link().path, {}):
    print(function)

# %% [markdown]
# No debugger did this: a program that gets the signal SIGQUIT prints its own stacks. A tracer sees
# a little more, down to the function that holds the `SYSCALL` instruction. Where tracing is not
# allowed, the next cell shows a recording, and says so.

# %%
from golifelab.load.backtrace import println_chain

chain = println_chain(hello)
print("seen by", chain.how)
for call in chain.frames:
    print(f"{call.function:42} {'inlined' if call.inlined else f'{call.address:#x}'}")

# %% [markdown]
# And the builtin `println`, in small letters and without a package? The compiler turns it into
# calls of the runtime, and there is the lock:

# %%
builtin = Terminal(sample("println"))
builtin("go tool compile -p main -S main.go").grep(r"CALL\truntime\.print")

# %%
claim("c1.10").run()

# %% [markdown]
# **Surprise.** So `fmt.Println` never comes near the lock of `println`. Still its lines stay whole
# when two goroutines print at once: each call ends in one write, and `FD.Write` takes a lock first,
# one for each file. Here it is, among its calls:

# %%
terminal(r"go tool objdump -s 'internal/poll.\(\*FD\).Write$' hello").grep("rwlock|syscall.write")

# %% [markdown]
# ### 2.4 What is kept, and why

# %%
claim("c1.11")

# %% [markdown]
# **Run.** The linker starts at one symbol and keeps what can be reached from there. Nothing is put
# in that is not reached, and nothing is kept because it is in the same package.

# %%
from golifelab.link.reachability import reachability

source, target = sample("hello").source, Target()
reached = reachability(source, target)
print("root:          ", reached.edges[0].source, "→", reached.edges[0].target)
print("symbols seen:  ", f"{reached.symbols:,}")
print("symbols kept:  ", f"{reached.reachable:,}")
print("way to Println:", " → ".join(reached.path("fmt.Fprintln")))

# %% [markdown]
# The boot code `runtime.rt0_go` is reached like everything else. It is an ordinary function of
# package runtime, written in assembly:

# %%
print(" → ".join(reached.path("runtime.rt0_go")))
print("kept because of it:", ", ".join(reached.keeps("runtime.rt0_go")[:12]), "…")

# %%
claim("c1.11").run()

# %% [markdown]
# **Exercise 1e.** `main` never calls `println`, and yet `runtime.printlock` is in hello. Name a
# function for whose sake the linker kept it.

# %% tags=["answer"]
keeper = ...

# %% tags=["solution"]
keeper = reached.kept_by("runtime.printlock")[0]

# %%
exercise("1e").check(keeper)

# %% [markdown]
# **Surprise.** What does a program cost that does nothing at all?

# %%
empty = sample("empty").link()
ours = [function for function in empty.functions if function.name.startswith("runtime.")]
print(f"{empty.size:,} bytes, {len(empty.functions):,} functions, {len(ours):,} of the runtime")

# %% [markdown]
# That is the price of a scheduler, a garbage collector and readable panics. It is paid once.
#
# ---
# ## 3 Loading and the entry
#
# ### 3.1 Who is started first?

# %%
claim("c1.12")

# %% [markdown]
# **Run.** Without a debugger there is a neat way to find out whether the kernel obeys PT_INTERP:
# write a wrong name there. The experiment builds hello position independent, changes one letter of
# the interpreter's name in a copy, and starts both.

# %%
claim("c1.12").run()

# %% [markdown]
# **Exercise 1c.** hello, linked with `-linkmode external`, is started. In which file is the very
# first instruction that runs outside the kernel?

# %% tags=["answer"]
first_file = ...

# %% tags=["solution"]
first_file = "/lib64/ld-linux-x86-64.so.2"

# %%
exercise("1c").check(first_file)

# %% [markdown]
# ### 3.2 From the file into memory

# %%
claim("c1.14")

# %% [markdown]
# **Run.** The program headers say what the kernel is to map, and where.

# %%
for segment in hello.segments:
    if segment.type == "LOAD":
        print(f"{segment.address:#010x}  {segment.memory_size:>9,} bytes  {segment.permissions}")

# %% [markdown]
# And these are the mappings of a process that was stopped before its first instruction ran. The
# addresses are the same, rounded down to whole pages. Where tracing is not allowed, the process is
# held a little later, or it is a recording; the first line says so.

# %%
with hello.start(hold="exec") as process:
    print(process.held_at, "·", process.how)
    mappings = process.maps
mappings

# %%
claim("c1.14").run()

# %% [markdown]
# ### 3.3 The entry

# %%
claim("c1.15")

# %% [markdown]
# **Run.** The header of the file holds an address, and the symbol table a name for it.

# %%
print(f"{hello.entry:#x} is {hello.entry_symbol}; _start is {hello.symbol('_start')}")

# %%
claim("c1.15").run()

# %%
claim("c1.16")

# %% [markdown]
# **Run.** If the runtime supplied `_start`, its assembly would define it. So search for it there;
# and where gcc is installed, look at the object file that it brings along.

# %%
claim("c1.16").run()

# %% [markdown]
# ### 3.4 From the entry to the scheduler

# %%
claim("c1.17")

# %% [markdown]
# **Run.** Three jumps lead to `rt0_go`. What it calls, in order, is the whole boot of the runtime.

# %%
run_dump = terminal("go tool objdump -s ^_rt0_amd64 hello")
run_dump.grep("JMP")

# %%
terminal("go tool objdump -s ^runtime.rt0_go hello").grep(r"CALL runtime|mainPC")

# %% [markdown]
# `newproc` is what the `go` statement becomes. It is handed the address of `runtime.main`, which is
# in `runtime.mainPC`. `mstart` does not return, so `runtime.main` is never called: the scheduler
# picks the new goroutine and jumps into it.

# %%
claim("c1.17").run()

# %%
claim("c1.18")

# %% [markdown]
# **Run.** Stack, G, M and scheduler all leave their mark in the disassembly of `rt0_go`: an address
# 64 KiB below the stack pointer, `runtime.g0`, `runtime.m0`, and a call.

# %%
claim("c1.18").run()

# %% [markdown]
# **Surprise.** The lines after `mstart` can't be reached: they only make sure that a program whose
# scheduler returned dies at once.
#
# ---
# ## 4 The runtime takes over

# %%
claim("c1.19")

# %%
claim("c1.20")

# %% [markdown]
# **Run.** The program `scheduler` looks around in the first lines of `main`: it counts threads and
# starts a goroutine. Then it panics on purpose. With `GOTRACEBACK=system` a panic lists all
# goroutines, the runtime's own included, and shows every stack to its end.

# %%
watcher = Terminal(sample("scheduler"))
watcher("go build -o scheduler .")
around = watcher("GOTRACEBACK=system ./scheduler")
around.grep(r"^threads|^a new|^goroutine|^main|^runtime\.(main|goexit)|^created")

# %%
claim("c1.19").run()

# %%
claim("c1.20").run()

# %% [markdown]
# **Exercise 1f.** Suppose that `main` does not return but calls `runtime.Goexit()`, which ends the
# goroutine it is called on. What is the error that the program stops with? Write it down, or find
# it out: the next cell has such a program.

# %%
leaving = Terminal(
    Program.from_text("""package main

import "runtime"

func main() {
	runtime.Goexit()
}
""")
)
leaving("go build -o leaving .")

# %% tags=["answer"]
message = ...

# %% tags=["solution"]
message = leaving("./leaving").lines[0]

# %%
exercise("1f").check(message)

# %% [markdown]
# **Surprise.** Before the first line of your `main` there are half a dozen goroutines and a handful
# of threads. `runtime.goexit` at the bottom of each stack has not called anything: the address was
# put there by hand, so that a goroutine has somewhere to return to. Goroutine 1 never does; after
# `main.main` the program simply exits.

# %%
claim("c1.21")

# %% [markdown]
# **Run.** First hello, then a program that works for a second.

# %%
terminal("GODEBUG=schedtrace=1000 ./hello")

# %%
busy = Terminal(sample("busy"))
busy("go build -o busy .")
busy("GODEBUG=schedtrace=200 ./busy")

# %%
claim("c1.21").run()

# %% [markdown]
# ---
# ## 5 The whole chain in time
#
# Now that you have met all stations: how long does each take?

# %%
claim("c1.01")

# %% [markdown]
# **Run.** Compiler and linker can time their own phases.

# %%
from golifelab.course.figures import timeline_bars
from golifelab.link.timeline import compile_timeline, link_timeline

timeline_bars(compile_timeline(source, target), "The compiler on hello")

# %%
timeline_bars(link_timeline(source, target), "The linker on hello, its longest phases", largest=12)

# %%
claim("c1.01").run()

# %% [markdown]
# **Surprise.** For a small program, linking takes far longer than compiling its one package, and a
# good part of that time is for those who debug: DWARF and pclntab.
#
# ---
# ## 6 A table on trial
#
# The article closes its first part with a table of four rows, one for each stage. You know enough
# by now to judge it. Guess first; then let all four run.

# %%
for row in ("c1.22", "c1.23", "c1.24", "c1.25"):
    display(claim(row))

# %%
for row in ("c1.22", "c1.23", "c1.24", "c1.25"):
    display(claim(row).run())

# %% [markdown]
# ---
# ## 7 Quiz

# %%
quiz("whole-life")

# %% [markdown]
# ## 8 In short
#
# - Three steps make a program: `go tool compile` writes an object file for each package,
#   `go tool link` keeps what can be reached from the entry symbol, the kernel maps the result.
# - Who links and whether the result is static are two questions. C code among the imports answers
#   the second one, `-linkmode` the first.
# - The entry is `_rt0_amd64_linux`. It leads to `rt0_go`, and that to `newproc` and `mstart`;
#   `runtime.main` is the body of goroutine 1 and calls `main.main`.
# - `fmt.Println` goes through `os` and `internal/poll` to `syscall.write`. Its lock is the
#   file's, not the runtime's print lock.
# - Everything you saw can be had again: each stage tells you its command.
#
# The whole board, chapter 1. Every other chapter has its own.

# %%
from golifelab import claim_board, progress

claim_board(chapter=1, run=True)

# %%
progress()

# %% [markdown]
# Previous: [00 Start here](00_start_here.ipynb) · Next: [02 Compile](02_compile.ipynb)

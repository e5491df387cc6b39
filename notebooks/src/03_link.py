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
# # 3 · Link: from holes to a file that runs
#
# The compiler sees one package at a time. It does not know where anything will be, so it leaves
# holes in its code, and a note beside each. The linker takes all packages, throws away what nobody
# needs, gives everything an address, and fills the holes. It also writes tables, which the program
# reads when it runs: for the garbage collector, for tracebacks. In this lesson you watch it, do
# part of its work by hand, and find out when somebody else is needed: a C linker, or a loader.
#
# **After this lesson you can**
#
# - say what is written into the hole of a call, and write it yourself;
# - tell which of three tables of names is for you, for the loader, and for the runtime;
# - say why a function is in your program, and what would go if it went;
# - read a stack map: which words of a frame hold live pointers, at any instruction;
# - find the function of an address as the runtime does;
# - predict whether a program will be static, who links it, and who answers its DNS questions.
#
# **Time** 150 minutes, with two breaks · **You need** [00 Start here](00_start_here.ipynb) ·
# **Better with** [02 Compile](02_compile.ipynb), and with gcc, without which the builds that need C
# cannot be made. Everything else runs, and you are told what is missing.
#
# Previous: [02 Compile](02_compile.ipynb) · Next: [04 Load and run](04_load_and_run.ipynb)

# %%
from golifelab import Program, claim, exercise, sample, show

# %% [markdown]
# ---
# ## 3.1 Symbols and binding
#
# This is the smallest program that says something, and its object file beside it: every byte of it,
# and what the byte is for. Choose bytes, or go through the fields with the arrow keys.

# %%
hello = sample("hello")
show(hello, view="object")

# %% [markdown]
# Most of the file is not code. There are names, kinds and sizes of **symbols**, that is, of
# everything that has a place of its own: functions, variables, constants, descriptions of types.
# For each there may be **relocations**: notes of the form "here, put in the address of that". And
# in front stands what other packages may know of this one, the export data.
#
# ### A call without an address
#
# `main` calls `fmt.Println`. That is a very small function, so the compiler has put a copy of it in
# place of the call: it was *inlined*. What is left to be called is `fmt.Fprintln`. Where is it?

# %%
claim("c3.01")

# %% [markdown]
# **Run.** These are the holes in `main.main`. On the left is what the compiler left in them, on the
# right what the linker put there:

# %%
for one in hello.relocations("main.main"):
    if one.size:
        before, after = one.before.hex(" "), one.after.hex(" ")
        print(f"{one.offset:3}  {one.kind:8} {before} → {after}  {one.symbol}")

# %% [markdown]
# Zeros have become numbers, and the numbers are in the file. What do they mean? This is the
# arithmetic for the call of `fmt.Fprintln`. The letters are those of all books about linkers: S is
# where the symbol is, A what to add to it, P where the hole is, and n how many bytes it has.

# %%
call = next(one for one in hello.relocations("main.main") if one.symbol == "fmt.Fprintln")
for term in call.terms:
    print(f"{term.name} = {term.value:#10x}   {term.words}")
print(f"{call.formula} = {call.result:,}, written as {call.after.hex(' ')}")

# %% [markdown]
# A negative number: `fmt` lies below `main`. The processor adds it to the address of the next
# instruction, and is there. Here you can try other places and other targets, and see which bytes
# that would give:

# %%
show(hello, view="patch", function="main.main")

# %% [markdown]
# Is anything left for later? A loader would have to be told. Here is what it is told, and all
# **sections** of the file, its parts with one purpose each: `.text` is code, `.rodata` constants,
# `.data` and `.bss` are variables.

# %%
binary = hello.link()
print("holes left:", len(binary.image.relocations), "· dynamic entries:", len(binary.image.dynamic))
print("sections:", *(section.name for section in binary.sections if section.name))

# %%
claim("c3.01").run()

# %% [markdown]
# **Exercise 3.1a.** In another program, which you will meet again, a function `walk` calls a
# function `leaf`. Here are the address of the hole in the call, and the address of `leaf`. Which
# four bytes does the linker write? Compute them.

# %%
from golifelab.course.exercises_symbols import asked_call

place, target = asked_call()
print(f"the hole is at {place:#x}, leaf at {target:#x}")

# %% tags=["answer"]
four_bytes = ...

# %% tags=["solution"]
four_bytes = (target - (place + 4)).to_bytes(4, "little", signed=True)

# %%
exercise("3.1a").check(four_bytes)

# %%
claim("c3.11")

# %% [markdown]
# **Run.** A call can name its target, as here, or say in which register or in which place in memory
# the address will be. Let us count all calls in hello:

# %%
from collections import Counter

from golifelab.claims.images import all_calls

kinds: Counter[str] = Counter()
for calls in all_calls(binary.path).values():
    for one in calls:
        indirect = "through memory" if "[" in one.operand else "through a register"
        kinds["direct" if one.target is not None else indirect] += 1
for kind, number in kinds.most_common():
    print(f"{number:6,} {kind}")

# %%
claim("c3.11").run()

# %% [markdown]
# **Surprise.** The most important call of your program is not direct. When package `runtime` is
# compiled, there is no `main.main` yet, and the runtime must not import it. It has a declaration
# without a body, a note for the linker, and calls through a variable:

# %%
from golifelab.claims.gosource import go_file

proc = go_file("runtime/proc.go")
for number, line in enumerate(proc.program.text.splitlines(), 1):
    if "main_main" in line or "main.main" in line:
        print(f"proc.go:{number}: {line.strip()}")

# %% [markdown]
# **Exercise 3.1d.** Now be the linker. Write `relocate(code, base, holes)`: `code` are the bytes of
# a function as the compiler left them, `base` is the address where it begins, and each hole has an
# `offset` in the code, a `size`, a `target` (the address that is meant) and an `addend`. Give the
# bytes with all holes filled in. Your linker is tried on some functions and compared with Go's,
# byte by byte.

# %%
from golifelab.course.exercises_symbols import patchwork

work = patchwork(hello, "main.main")
print(f"base {work.base:#x}, {len(work.code)} bytes")
for hole in work.holes:
    print(hole)

# %% tags=["answer"]
relocate = ...


# %% tags=["solution"]
def relocate(code, base, holes):
    code = bytearray(code)
    for hole in holes:
        end = hole.offset + hole.size
        value = hole.target + hole.addend - (base + end)
        code[hole.offset : end] = value.to_bytes(hole.size, "little", signed=True)
    return bytes(code)


# %%
exercise("3.1d").check(relocate)

# %% [markdown]
# That was amd64. On arm64 every instruction has four bytes, and the operation is in them as well:
# 26 bits are left for the distance, counted in instructions. The same arithmetic, other bits:

# %%
from golifelab.link.relocations import apply

hole = bytes.fromhex("00000094")  # BL, with nothing in its 26 bits
for goal in (0x10100, 0x10010, 0x0FFFC):
    filled = apply("R_CALLARM64", hole, S=goal, P=0x10000)
    word = int.from_bytes(filled, "little")
    print(f"0x10000 → {goal:#x}: {filled.hex(' ')}  {word >> 26:06b} {word & 0x3FFFFFF:026b}")

# %% [markdown]
# ### What things are called

# %%
claim("c3.03")

# %%
claim("c3.07")

# %% [markdown]
# **Run.** What do names look like in the executable, and what in the object of `main`?

# %%
names = [one.name for one in binary.symbols]
print("runtime· ", sum(name.startswith("runtime·") for name in names), "names")
print("runtime. ", sum(name.startswith("runtime.") for name in names), "names, among them")
print(*sorted(name for name in names if "gcWriteBarrier" in name), end="\n\n")
in_object = {one.name for one in hello.object.symbols}
print("in main.o:", *sorted(name for name in in_object if "·" in name), sep="\n")

# %% [markdown]
# The dot in the middle is how Go's assembler spells a period, which to it is punctuation and cannot
# be part of a name. The name itself has a period. Only things that have no name in Go kept the dot:
# tables of the collector that are known by their content, and records that point to a function.

# %%
claim("c3.03").run()

# %%
claim("c3.07").run()

# %%
claim("c3.08")

# %%
claim("c3.04")

# %%
claim("c3.06")

# %% [markdown]
# **Run.** The whole table, counted by type and by binding. *Binding* says whether other files may
# use the name, which matters while several files are linked.

# %%
import pandas as pd

table = binary.symbols.frame()
pd.crosstab(table.type, table.binding, margins=True)

# %%
chosen = table[table.name.str.contains(r"^runtime\.(?:nanotime|mstart)")]
chosen[["name", "size", "binding", "section"]]

# %% [markdown]
# (`.abi0` is not in the source, either. It marks functions that get their arguments on the stack,
# as all of Go's once did, and most of those written in assembly still do.)
#
# And in the other versions of Go that you have? `Target(go="1.24.11")` would fetch another one; the
# first build with each takes a while.

# %%
from golifelab.toolchain.install import installed_versions

drift = {}
for version in ("", *installed_versions()):
    built = hello.for_target(go=version).link()
    found = [one for one in built.symbols if one.name in set(chosen.name)]
    rows = {one.name: f"{one.address:#x}, {one.size} bytes" for one in found}
    drift[f"Go {built.image.build_info.go_version}"] = rows
pd.DataFrame(drift)

# %% [markdown]
# Local are things such as these, which no other file may name:

# %%
local = table[table.binding == "LOCAL"]
print(*local.name[:: max(1, len(local) // 12)], sep="\n")

# %%
claim("c3.08").run()

# %%
claim("c3.04").run()

# %%
claim("c3.06").run()

# %% [markdown]
# ### A function that is not there
#
# One row is missing above: `runtime.nanotime`, which the runtime calls in many places. There is a
# `nanotime1`, and that is another one.

# %%
claim("c3.05")

# %% [markdown]
# **Run.** Each function brings tables with it, as we shall see. One of them says what was copied
# into it. Who has `nanotime` inside?

# %%
from golifelab.link.metadata.functables import function_tables

hosts = []
for function in binary.pclntab:
    copies = {copy.function for copy in function_tables(binary, function.name).inlined}
    if "runtime.nanotime" in copies:
        hosts.append(function.name)
print(len(hosts), "functions, among them", *hosts[:6])

# %% [markdown]
# And the dynamic linker? It reads another table of names, `.dynsym`. What hello has for it:

# %%
print("dynamic symbols in hello:", len(binary.image.dynamic_symbols))

# %%
claim("c3.05").run()

# %% [markdown]
# **Exercise 3.1b.** Find three functions of the runtime whose code runs in hello, though hello has
# no function of that name. (`nanotime` may be one of them.)

# %% tags=["answer"]
inlined = ...

# %% tags=["solution"]
from golifelab.course.exercises_symbols import inlined_away

inlined = sorted(inlined_away())[:3]

# %%
exercise("3.1b").check(inlined)

# %% [markdown]
# ### Who needs these tables?

# %%
claim("c3.02")

# %%
claim("c3.10")

# %% [markdown]
# **Run.** Let us take the names away. With the linker's flags `-s` and `-w` there is no `.symtab`,
# and nothing for debuggers. This program panics two calls deep:

# %%
from golifelab.toolchain.link import Mode

panics = Program.from_text("""package main

//go:noinline
func deeper(p *int) int {
	return *p
}

func main() {
	println(deeper(nil))
}
""")
stripped = panics.link(Mode(flags=("-s", "-w")))
print("symbols:", len(panics.link().symbols), "→", len(stripped.symbols))
print("bytes:  ", panics.link().size, "→", stripped.size)

# %%
from golifelab.course.trials import said_by

print(said_by(stripped))

# %% [markdown]
# Function, file, line, even the offset in the function: all there. The runtime never looks into
# `.symtab`. It has a table of its own, `.gopclntab`, which is part of the program and cannot be
# stripped. We can read it, too, and find where that panic was:

# %%
functions = stripped.pclntab
for name in ("main.deeper", "main.main"):
    for start, end, where in functions.lines(functions.named(name)):
        print(f"{start:#x}–{end:#x}  {name:12} {where}")

# %%
claim("c3.02").run()

# %%
claim("c3.10").run()

# %% [markdown]
# ### GOT and PLT
#
# If a program uses a shared library, its calls cannot be filled in beforehand. They go through a
# table of addresses, the GOT, by way of small pieces of code, the PLT. A loader fills the table,
# perhaps only when a function is called for the first time: that is *lazy binding*.

# %%
claim("c3.09")

# %% [markdown]
# **Run.** hello has no such thing. But netapp, which looks up a name, can be built with C in it;
# this needs a C compiler.

# %%
from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import executable
from golifelab.link.modes import Way, executable_built

netapp = sample("netapp")
try:
    dynamic = executable(executable_built(netapp.source, netapp.target, Way(cgo=True)))
except FeatureUnavailable as error:
    dynamic = None
    print(error)
else:
    stubs = [entry for entry in dynamic.image.plt if entry.symbol]
    for entry in stubs[:8]:
        print(f"{entry.address:#x}  jumps to what is written at {entry.slot:#x}: {entry.symbol}")
    wanted = [entry.symbol for entry in stubs]
    runtime = sum(name.startswith("runtime.") for name in wanted)
    print(f"… {len(wanted)} in all, {runtime} of them functions of Go's runtime")

# %%
claim("c3.09").run()

# %% [markdown]
# **Exercise 3.1c.** netapp with C has a `.dynsym`. Most of it are wishes. But a few symbols are
# netapp's own, which it shows to the loader. Which? (Without gcc this cannot be checked.)

# %% tags=["answer"]
shown = ...

# %% tags=["solution"]
shown = [one.name for one in dynamic.image.dynamic_symbols if one.section] if dynamic else ["?"]

# %%
exercise("3.1c").check(shown)

# %% [markdown]
# **Surprise.** So there is lazy binding in Go programs: for the functions of the C library, in
# programs that use it, and for nothing else.
#
# ### What is in the file?
#
# The linker does not only fill holes. It decides what comes in at all. Every object of every
# imported package is read, and then only that is kept which can be reached from the entry, the
# first instruction of the program.

# %%
reach = hello.reach
print(f"{reach.symbols:,} symbols were read, {reach.reachable:,} are in hello")
for step in reach.path("fmt.Fprintln"):
    print(f"{step.kind:15} {step.target}")

# %%
show(hello, view="reach", function="fmt.Fprintln")

# %% [markdown]
# Every step says why the next one is kept. Not all of them are calls: one may be kept because its
# address is taken, because a type has it as a method and such a method is called through an
# interface, or because an `init` needs it. What would go if hello did not call `Fprintln`?

# %%
without = reach.without("fmt.Fprintln")
print(f"{len(without.functions)} functions, {without.bytes:,} bytes; the largest:")
for one in without.functions[:5]:
    print(f"{one.size:7,}  {one.name}")

# %% [markdown]
# And reflection? Whoever calls a method by a name that is known only at run time may call any, so
# the linker has to keep all exported methods of all types that may be asked:

# %%
by_name = Program.from_text("""package main

import (
	"os"
	"reflect"
)

func main() {
	reflect.ValueOf(os.Stdout).MethodByName(os.Args[0])
}
""")
print("who asks by name:", *by_name.reach.reflection.users)
print(f"kept for that alone: {len(by_name.reach.reflection.kept.functions)} functions")
print(f"hello would grow by {hello.reach.reflection.would.bytes:,} bytes if it did the same")

# %% [markdown]
# This is what is left, to scale: the sections, the segments that the kernel maps, the file, the
# memory. Choose anything, and see it in the others. Some of it has no bytes in the file, and some
# of the file is never in memory.

# %%
show(hello, view="image")

# %% [markdown]
# How many of these bytes can be explained? The linker leaves no list, but every hole that it
# filled says where something is. Following them all, backwards, gives an address to nearly every
# symbol of every object; what the linker made itself, and what is padding, is told apart.

# %%
from golifelab.link.placement.coverage import coverage

for section in (".text", ".rodata", ".data"):
    covered = coverage(binary, section, hello.placement)
    shares = (f"{kind} {covered.share(kind):6.1%}" for kind in ("symbol", "linker", "padding"))
    print(f"{section:9}", " · ".join(shares))

# %% [markdown]
# Who points at the text that hello prints? A question that no table answers, and the holes do.
# One step back is a string, that is, an address and a length, and one more is `main`:

# %%
placed = hello.placement
here = text = placed.of('go:string."hello, lab"')
while pointers := placed.pointers_to(here):
    pointer = pointers[0]
    print(f"{here.name} is pointed to from {pointer.address:#x}, {pointer.symbol.name}")
    here = pointer.symbol
    if here.kind == "STEXT":
        break

# %% [markdown]
# And so any address can be asked what it is:

# %%
binary.explain(address=text.address + 7)

# %% [markdown]
# And what are the bytes for? Below are the two builds of hello, before and after `-s -w`. Go down
# into the boxes with Enter.

# %%
show(hello, view="sizes", against="-s -w")

# %% [markdown]
# This is a good place for a break. To go on from here another day, run the next cell and continue.

# %%
import pandas as pd

from golifelab import claim, exercise, sample, show
from golifelab.course.trials import said_by
from golifelab.toolchain.install import installed_versions

hello = sample("hello")
binary = hello.link()

# %% [markdown]
# ---
# ## 3.2 Tables for the collector
#
# The garbage collector has to know every pointer. On the heap it asks the type of an object. But on
# the stack of a goroutine lie words without types, left there by functions that are waiting for a
# call to return. So the compiler writes down for each function, and for each place where it may
# wait, which words of its frame hold pointers that are still needed. This is a **stack map**.
#
# Here is a function that waits twice. Move through its instructions, and watch its arguments. The
# bytes on the right are the map in the file.

# %%
walk = sample("walk")
show(walk, view="stackmaps", function="main.walk")

# %% [markdown]
# ### Where are the maps?

# %%
claim("c3.12")

# %%
claim("c3.13")

# %% [markdown]
# **Run.** Where the linker has put all of this, and how much of it is in the file:

# %%
for one in binary.metadata_places.places:
    access = "writable" if one.writable else "read-only"
    kept = f"{one.file_bytes:,} of {one.size:,} bytes in the file"
    print(f"{one.what:24} {one.section:10} {access:9} {kept}")

# %% [markdown]
# The tables are read-only and complete. `m0` and `g0` are the runtime's own record of the first
# thread, and of the goroutine that stands for its stack: variables, zero at first, and for zeros no
# byte is kept in a file.

# %%
claim("c3.12").run()

# %%
claim("c3.13").run()

# %% [markdown]
# Is it the same in every version of Go? This looks at those that you have:

# %%
asked = ("go:func.*", "pclntab", "runtime.firstmoduledata", "runtime.m0", "runtime.g0")
own = (".typelink", ".itablink", ".go.type", ".go.module")
rows = {}
for version in ("", *installed_versions()):
    built = hello.for_target(go=version).link()
    places = {one.what: one.section for one in built.metadata_places.places}
    column = {f"{what} is in": places[what] for what in asked}
    there = {section.name for section in built.sections}
    column |= {f"has a section {name}": "yes" if name in there else "no" for name in own}
    rows[f"Go {built.image.build_info.go_version}"] = column
pd.DataFrame(rows)

# %% [markdown]
# Up to Go 1.25 the maps were in `.rodata`, among the constants. Since 1.26 they are with the
# function table, and `moduledata`, the record that says where all tables are, has a section of its
# own. In 1.27 the lists of types went where the types are. Whoever looks into a file had better ask
# that record than trust in the names of sections.
#
# ### Commands and names
#
# The article gives some commands to find these things. Try to predict what they print.

# %%
claim("c3.14")

# %%
claim("c3.15")

# %%
claim("c3.18")

# %% [markdown]
# **Run.** Which of these are in hello?

# %%
sections = {section.name for section in binary.sections}
print(".data.rel.ro      ", ".data.rel.ro" in sections)
for name in ("runtime.stackMap", "runtime.m0.init", "runtime._gcdata", "runtime.m0"):
    print(f"{name:18} {binary.symbol(name) is not None}")

# %% [markdown]
# So who sets up `m0`? The first code of the runtime, `rt0_go`, which is written in assembly: it
# stores two addresses, that of `g0` in `m0` and that of `m0` in `g0`. There is nothing to copy.

# %%
from golifelab.course.terminal import Terminal

terminal = Terminal(hello)
terminal("go build -o hello .")
terminal("go tool objdump -s ^runtime.rt0_go hello").grep(r"runtime\.[mg]0")

# %%
claim("c3.14").run()

# %%
claim("c3.15").run()

# %%
claim("c3.18").run()

# %% [markdown]
# ### A map, byte by byte

# %%
claim("c3.16")

# %%
claim("c3.17")

# %% [markdown]
# **Run.** This is how the runtime declares the record, and these are its bytes for `walk`, whose
# parameters are `a *node`, `k int`, `b *node`:

# %%
from golifelab.claims.gosource import go_file

print(go_file("runtime/symtab.go").declaration("stackmap"))
maps = walk.stack_maps("main.walk")
record = maps.arguments
print(f"\n{record.header.hex(' ')} | {record.data.hex(' ')}   in {record.section}")

# %% [markdown]
# `n` is 3 and `nbit` is 3: three bitmaps of three bits, each in a byte of its own, the lowest bit
# first. Which map holds where is said by another table:

# %%
from golifelab.link.metadata.stackmaps import bit_text

for row in maps.rows:
    map_ = maps.at(row.start)
    print(f"{row.start:#x}–{row.end:#x}  index {row.value:2}  a k b: {bit_text(map_.arguments)}")

# %% [markdown]
# An index of -1 means that nobody can wait there, but for the entry, where 0 holds: a and b are
# pointers, k is none. During the first call, `leaf(a)`, only b is live. And the compiler, asked by
# `-live`, says the same in words:

# %%
from golifelab.compile.live import live_variables

for live in live_variables(walk.source, walk.target).entries:
    if live.name == "leaf" or "walk" in live.name:
        print(live.position, live.kind, live.name, *live.names)

# %%
claim("c3.16").run()

# %%
claim("c3.17").run()

# %% [markdown]
# **Surprise.** While `walk` waits for `leaf(a)`, the variable `a` is still in scope. But `walk`
# will not use it again, and the collector knows. As soon as `leaf` is done with the node, too, it
# may be freed, although the function that was given it is still running. (Whoever has to prevent
# that says `runtime.KeepAlive(a)` at the end.)
#
# **Exercise 3.2a.** These are the stack maps of some function of hello. What do they say? Give a
# list of texts, one for each bitmap, word 0 first.

# %%
from golifelab.course.exercises_metadata import record as record_to_read

print(record_to_read().data.hex(" "))

# %% tags=["answer"]
bitmaps = ...

# %% tags=["solution"]
data = record_to_read().data
count, bits = data[0], data[4]
bitmaps = ["".join(str(byte >> bit & 1) for bit in range(bits)) for byte in data[8 : 8 + count]]

# %%
exercise("3.2a").check(bitmaps)

# %% [markdown]
# **Exercise 3.2b.** Three calls, and a different set of pointers lives on across each. For each
# call: which number has the map there, and what are its bits? The map is only as long as it has to
# be: behind the last pointer there are no bits.

# %%
from golifelab.course.exercises_metadata import THREE

print(THREE.text.split("\n\n")[3])

# %% tags=["answer"]
living = {"leaf(b)": (..., ...), "leaf(c)": (..., ...), "leaf(a)": (..., ...)}

# %% tags=["solution"]
from golifelab.course.exercises_metadata import live_words

living = live_words()

# %%
exercise("3.2b").check(living)

# %% [markdown]
# **Exercise 3.2c.** Now the other way round. Write a function `f` whose first map, the one at its
# entry, is `110`. Give it as a text. (You can try it out in the page above.)

# %% tags=["answer"]
first_map = ...

# %% tags=["solution"]
first_map = "func f(a, b, c *int) int { return *a + *b }"

# %%
exercise("3.2c").check(first_map)

# %% [markdown]
# ### And variables?

# %%
claim("c3.20")

# %% [markdown]
# **Run.** Variables of packages live in `.data` and `.bss`. For each of the two the linker makes
# one long mask, a bit for each word. It is packed: the two masks are little programs, which the
# runtime unpacks when it starts. Unpacked, and laid over the variables:

# %%
masks = binary.pointer_masks
for mask in masks.masks:
    print(f"{mask.name:5} {len(mask.program)} bytes for {len(mask.pointers):,} words")
for name in ("os.Stdout", "runtime.allgs", "runtime.mheap_", "runtime.work"):
    if variable := masks.symbol(name):
        bits = "".join("01"[bit] for bit in variable.pointers[:24])
        print(f"{name:15} {variable.mask:5} {bits}{'…' * (len(variable.pointers) > 24)}")

# %%
claim("c3.20").run()

# %% [markdown]
# ### From an address to its function
#
# The collector walks through the frames of a goroutine and has nothing but addresses. The first
# question is always: which function is this? The same question is asked by every traceback.

# %%
claim("c3.21")

# %% [markdown]
# **Run.** The functions are sorted by address, so one could search. But there is an index over
# them: code is divided into buckets of 4096 bytes, those into sixteen parts, and for each part the
# index has the number of a function. From there it is a short walk.

# %%
main = binary.function("main.main")
lookup = binary.find_function(main.address + 30)
for step in lookup.steps:
    print(f"{step.name:18} {step.expression} = {step.value:#x}  {step.bytes.hex(' ')}")
print(lookup.function.name)

# %%
claim("c3.21").run()

# %% [markdown]
# **Exercise 3.2d.** Write `find(pc, tables)`, which gives the number of the function that `pc` is
# in. `tables` has three things: `low`, the address where the code begins; `buckets`, each with the
# number of a function and sixteen numbers to add to it; and `starts`, the addresses where the
# functions begin. It is tried on random addresses, and `go tool addr2line` is asked as well.

# %%
from golifelab.course.exercises_metadata import find_tables

tables = find_tables(binary)
print(f"{tables.low:#x}, {len(tables.buckets)} buckets, {len(tables.starts):,} functions")
print(tables.buckets[3])

# %% tags=["answer"]
find = ...


# %% tags=["solution"]
def find(pc, tables):
    offset = pc - tables.low
    first, shares = tables.buckets[offset // 4096]
    number = first + shares[offset % 4096 // 256]
    while number + 1 < len(tables.starts) and tables.starts[number + 1] <= pc:
        number += 1
    return number


# %%
exercise("3.2d").check(find)

# %% [markdown]
# **Surprise.** All this knowledge is not cheap. Compare the tables with the code they are about:

# %%
code, tables_ = (next(s for s in binary.sections if s.name == n) for n in (".text", ".gopclntab"))
print(f"code {code.size:,} bytes, tables {tables_.size:,} bytes")

# %% [markdown]
# ### What is fixed, and what is made when it runs

# %%
claim("c3.19")

# %% [markdown]
# **Run.** A program that prints where it finds its own things, three times:

# %%
places = sample("places").link()
for _ in range(3):
    print(*said_by(places).split())

# %% [markdown]
# Code and variables stay where the linker put them. The stack of a goroutine comes from the heap,
# and where that begins is decided at random when the program starts, since Go 1.26.

# %%
claim("c3.19").run()

# %%
claim("c3.22")

# %% [markdown]
# **Run.** What does a goroutine cost that only waits? Three numbers of them:

# %%
parked = sample("parked").link()
for number in ("1000", "10000", "50000"):
    print(said_by(parked, number).replace("\n", " · "))

# %% [markdown]
# A stack of 2 KiB each, allocated when the goroutine starts, and a record. Maps have no part in it:
# they are asked for when the collector comes by.

# %%
claim("c3.22").run()

# %% [markdown]
# This is a good place for a break. To go on from here another day, run the next cell and continue.

# %%
from golifelab import claim, exercise, quiz, sample, show
from golifelab.errors import FeatureUnavailable
from golifelab.link.executable import executable
from golifelab.link.modes import Way, executable_built, mode_matrix

hello = sample("hello")
binary = hello.link()

# %% [markdown]
# ---
# ## 3.3 C, and what "static" means
#
# A program is *static* if it needs no other file to run: the kernel maps it and jumps to its entry.
# A *dynamic* one names a loader, which the kernel starts instead; that loads libraries and fills
# the last holes. Go's programs are said to be static. Are they?
#
# It depends on C. Three programs will do: hello, which has nothing to do with C; netapp, which
# looks up a name by package `net`; and cgoapp, which has C code of its own.
#
# ### Who brings C in?

# %%
claim("c3.23")

# %%
claim("c3.24")

# %% [markdown]
# **Run.** The go command can be asked, and need not compile anything for it. `cgo=True` is what
# `CGO_ENABLED=1` says: C is allowed.

# %%
for name in ("hello", "netapp", "cgoapp"):
    for cgo in (False, True):
        packages = sample(name).c_packages(cgo=cgo)
        ways = [" → ".join(chain) for chain in packages.chains[:2]]
        print(f"{name:7} CGO_ENABLED={int(cgo)}  {packages.uses_c:8}  {'; '.join(ways)}")

# %% [markdown]
# So it is not the setting that counts, it is what you import. hello does not change: here are both
# builds of it, and what is different in what they say about themselves.

# %%
both = [executable(executable_built(hello.source, hello.target, Way(cgo=c))) for c in (False, True)]
for one in both:
    settings = one.image.build_info.settings
    print(f"{one.size:,} bytes, static: {one.static}, CGO_ENABLED={settings['CGO_ENABLED']}")
different = set(both[1].image.build_info.settings) ^ set(both[0].image.build_info.settings)
print("only in one of them:", *sorted(different))

# %%
claim("c3.23").run()

# %%
claim("c3.24").run()

# %% [markdown]
# **Exercise 3.3d.** Write a `go list` command that prints something exactly if the program will be
# dynamic. It is tried on the three programs, with C allowed and without.

# %% tags=["answer"]
query = ...

# %% tags=["solution"]
query = "go list -deps -f '{{if .CgoFiles}}{{.ImportPath}}{{end}}' ."

# %%
exercise("3.3d").check(query)

# %%
claim("c3.34")

# %%
claim("c3.35")

# %% [markdown]
# **Run.** A file that imports "C", when C is not allowed:

# %%
for cgo in (False, True):
    packages = sample("cgoapp").c_packages(cgo=cgo)
    mine = next((one for one in packages.packages if one.path == "main"), None)
    print(f"CGO_ENABLED={int(cgo)}:", mine.go_files, mine.cgo_files, mine.ignored)
    print("   ", packages.error or "no complaints")

# %%
claim("c3.34").run()

# %%
claim("c3.35").run()

# %% [markdown]
# **Exercise 3.3a.** Predict before you go on. Here are eight builds: the program, whether C is
# allowed ("cgo"), and further flags. Which are static? Fill in "static" or "dynamic". A wrong guess
# costs nothing; you can come back to it when you have read on.

# %% tags=["answer"]
outcomes = {
    "hello: no cgo": ...,
    "hello: cgo": ...,
    "hello: cgo, -linkmode=external": ...,
    "netapp: no cgo": ...,
    "netapp: cgo": ...,
    'netapp: cgo, -extldflags "-static"': ...,
    'netapp: cgo, -linkmode=external, -extldflags "-static"': ...,
    'cgoapp: cgo, -extldflags "-static"': ...,
}

# %% tags=["solution"]
from golifelab.course.exercises_cgo import static_builds

outcomes = {name: "static" if static else "dynamic" for name, static in static_builds().items()}

# %%
exercise("3.3a").check(outcomes)

# %% [markdown]
# ### The matrix
#
# Settings, and what comes of them. What you see is built on this machine, each row by a real
# `go build`; choose a row for its command, its warnings and its libraries. Change the imports in
# the editor, and all is built again.

# %%
show(sample("netapp"), view="modes")

# %%
claim("c3.25")

# %%
claim("c3.26")

# %%
claim("c3.38")

# %% [markdown]
# **Run.** All three programs in eight ways, and the questions that decide. The tree is drawn from
# the builds; where builds come out differently, there is a question.

# %%
eight = (
    Way(),
    Way(cgo=True),
    Way(cgo=True, tags=("netgo", "osusergo")),
    Way(cgo=True, extldflags="-static"),
    Way(cgo=True, linkmode="external"),
    Way(cgo=True, linkmode="external", extldflags="-static"),
    Way(cgo=True, strip=True),
    Way(cgo=True, tags=("netgo", "osusergo"), linkmode="external", extldflags="-static"),
)
matrix = mode_matrix(ways=eight)
matrix

# %%
claim("c3.25").run()

# %%
claim("c3.26").run()

# %%
claim("c3.38").run()

# %% [markdown]
# ### The trap

# %%
claim("c3.37")

# %% [markdown]
# **Predict.** The flag `-extldflags` is for the C linker. What will `-extldflags "-static"` do to
# netapp, whose C is only that of package net, and comes ready-made? Will it be static, dynamic, or
# will go build complain? Decide before you run this:

# %%
trap = Way(cgo=True, extldflags="-static")
for name in ("netapp", "cgoapp"):
    row = matrix.row(trap, name)
    if row.available:
        print(f"{name}: {row.outcome}; linker: {row.linker}")
        print("    go build said:", *(row.warnings or ["nothing"]))
    else:
        print(f"{name}: {row.reason}")

# %%
claim("c3.37").run()

# %% [markdown]
# The flag was for somebody who was never called, and nobody said a word. Whoever wants a static
# netapp with C in it has to call for gcc as well, by `-linkmode=external`.

# %%
claim("c3.31")

# %%
row = matrix.row(Way(cgo=True, linkmode="external", extldflags="-static"), "netapp")
print(row.command)
print(row.outcome, *(row.warnings or [row.reason]), sep="\n")

# %%
claim("c3.31").run()

# %% [markdown]
# Static, with a warning: parts of the C library load further libraries when they look up names, and
# those have to be there, in the right version, when the program runs.
#
# **Exercise 3.3b.** cgo is on by default where there is a C compiler. Make netapp static in three
# ways that have nothing to do with each other. Give three commands; each is run.

# %% tags=["answer"]
three_ways = ...

# %% tags=["solution"]
three_ways = [
    "CGO_ENABLED=0 go build .",
    "go build -tags netgo,osusergo .",
    "go build -ldflags '-linkmode external -extldflags \"-static\"' .",
]

# %%
exercise("3.3b").check(three_ways)

# %% [markdown]
# ### Smaller, and for whom?

# %%
claim("c3.30")

# %%
claim("c3.36")

# %% [markdown]
# **Run.** What do `-s -w` take away, and what stays?

# %%
from golifelab.link.sizes import sizes

plain, without_names = (
    sizes(executable(executable_built(hello.source, hello.target, Way(strip=strip))))
    for strip in (False, True)
)
left = {one.name: one.file for one in without_names.by("kind")}
for kind in plain.by("kind"):
    if kind.file:
        print(f"{kind.name:20} {kind.file:10,} → {left.get(kind.name, 0):10,}")
print(f"{'the whole file':20} {plain.file:10,} → {without_names.file:10,}")

# %%
claim("c3.30").run()

# %%
claim("c3.36").run()

# %% [markdown]
# ### ldd, and a library that is gone

# %%
claim("c3.32")

# %%
claim("c3.33")

# %% [markdown]
# **Run.** `ldd` asks the loader. What the loader would be asked for stands in the file:

# %%
for way in (Way(), Way(cgo=True)):
    row = matrix.row(way, "netapp")
    needs = ", ".join(row.needed) or "nothing"
    found = f"{row.interpreter or 'no interpreter'}, needs {needs}"
    print(f"{way.name}: {found if row.available else row.reason}")

# %%
claim("c3.32").run()

# %%
claim("c3.33").run()

# %% [markdown]
# **Exercise 3.3c.** netapp with C starts threads through `pthread_create`. In old systems that was
# in a library of its own, libpthread. Symbols of the C library have versions. Which version does
# this one have, that is, since when is it in libc itself? (Without gcc this cannot be checked.)

# %% tags=["answer"]
version = ...

# %% tags=["solution"]
from golifelab.course.exercises_cgo import thread_version

try:
    version, _ = thread_version()
except FeatureUnavailable:
    version = "?"

# %%
exercise("3.3c").check(version)

# %% [markdown]
# ### Who looks up names?

# %%
claim("c3.27")

# %%
claim("c3.28")

# %%
claim("c3.29")

# %% [markdown]
# **Run.** Package net tells what it decides, if it is asked by `GODEBUG=netdns=2`; with `go+2` or
# `cgo+2` it is told what to prefer. Which files it opens can be seen from outside. All this is
# about `localhost`: no packet leaves your machine. Choose a build and a setting:

# %%
from golifelab.run.resolver import resolver_table

try:
    table = resolver_table()
except FeatureUnavailable as error:
    table = None
    print(error)
table

# %% [markdown]
# Go's own resolver reads `/etc/resolv.conf` like everybody else; it is a text file, no C is needed
# to read it. And C allowed does not mean C used: package net looks at the configuration, and where
# it is a plain one, does the work itself.

# %%
claim("c3.27").run()

# %%
claim("c3.28").run()

# %%
claim("c3.29").run()

# %% [markdown]
# The last one cannot be settled without asking a name server, and the course asks none.
# *Unverifiable* is a verdict, too.
#
# **Surprise.** cgo on, libc loaded, dynamic through and through: and the question is still answered
# by Go.
#
# ---
# ## Quiz: the linker

# %%
quiz("link")

# %% [markdown]
# ## In short
#
# - A relocation is a note beside a hole. On amd64 a call's hole takes four bytes: the target minus
#   the address of the next instruction. The linker fills all of them; nothing is left for later.
# - There are three tables of names. `.symtab` is for tools, `.dynsym` for a loader, `.gopclntab`
#   for the runtime, and only the last one is needed.
# - Names have periods. A function that was copied into all its callers has no name left.
# - What is in a program is what can be reached from its entry, and reflection reaches far.
# - Stack maps are bitmaps, one bit a word, one map for each place where a function may wait. They
#   are read-only and found by address: bucket, part, short walk, function, index, map.
# - `m0` and `g0` are zeros without a byte in the file.
# - Static or dynamic is decided by what you import and who links, not by `CGO_ENABLED` alone.
#   `-extldflags` is heard by gcc only, if it is called.
# - Go's resolver reads `/etc/resolv.conf` itself, even in programs that could ask C.
#
# The claims of chapter 3, tried on your Go:

# %%
from golifelab import claim_board, progress

claim_board(chapter=3, run=True)

# %%
progress()

# %% [markdown]
# Next comes what the kernel and the runtime make of the file.
#
# Previous: [02 Compile](02_compile.ipynb) · Next: [04 Load and run](04_load_and_run.ipynb)

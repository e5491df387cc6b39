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
# # 4 · Load and run: from a file to a process that works
#
# The file is finished. What has to happen until its `main` runs? The kernel makes a process of it,
# and reads almost nothing. Then the runtime builds a small world of its own: a heap, stacks,
# threads, and a scheduler that lets your goroutines run. All of it takes about a millisecond, and
# nobody ever sees it. In this lesson we stop a program on its way, look into its memory page by
# page, watch its stacks grow, let it run again and count.
#
# **After this lesson you can**
#
# - predict from a file's headers which mappings its process will have, and which pages come when;
# - tell from a list of system calls what kind of program has made it;
# - say of any address of a Go process what is there, and who has put it there;
# - predict how large a goroutine's stack gets, and where it ends;
# - work out in which order packages and variables are initialised;
# - tell the way from the first instruction to `main.main`, and change it.
#
# **Time** 170 minutes, with two breaks · **You need** [00 Start here](00_start_here.ipynb) and
# Linux · **Better with** [03 Link](03_link.ipynb), and with leave to stop processes (ptrace), which
# some containers refuse. Where it is refused, other ways are taken, or you are shown what was
# recorded, and told so.
#
# Previous: [03 Link](03_link.ipynb) · Next: 05 One program, looked at from all sides (coming)

# %%
from golifelab import claim, exercise, sample, show

# %% [markdown]
# ---
# ## 4.1 execve, and pages that come when they are needed
#
# This is the memory of a program that says hello, at four moments of its life: when the kernel has
# set it up, when the runtime begins, when your `main` begins, and at its end. Go through the
# moments, and choose a mapping to see its pages.

# %%
hello = sample("hello")
show(hello, view="memory")

# %% [markdown]
# A **mapping** is a range of addresses with one origin, and with rights: to read, to write, to
# execute. Most of them come from no file. And most of what is mapped is not there: memory is given
# out by **pages** of 4,096 bytes, and only when somebody touches them.
#
# ### What the kernel makes of the file

# %%
claim("c4.10")

# %%
claim("c4.01")

# %% [markdown]
# **Predict.** hello has 2.3 MB. How much of it is in memory when the process begins? All of it, the
# code, or nothing?
#
# **Run.** These are the headers that the kernel reads. Everything else it leaves alone.

# %%
for one in hello.link().segments:
    if one.type == "LOAD":
        place = f"{one.address:#x}, {one.file_size:,} bytes of the file"
        print(f"{one.permissions}  at {place}, {one.memory_size:,} in memory")

# %%
moments = hello.moments
print("held by:", moments.how)
for moment in moments:
    total = moment.totals
    print(
        f"{moment.name:10} {len(moment.rows):3} mappings, {total.mapped >> 10:9,} KiB mapped,"
        f" {total.resident >> 10:6,} KiB in memory, {total.file >> 10:5,} of them the file's"
    )

# %% [markdown]
# To make a process of a file, the kernel writes down who is to be asked for which page. That is
# all.

# %%
claim("c4.10").run()

# %%
claim("c4.01").run()

# %% [markdown]
# **Exercise 4.1a.** Be the kernel. Here are the headers of another program. Which mappings will its
# process have of them? Give a list of `(start, end, permissions)`. Mind the variables that are
# zero: they take no room in the file, but in memory they do.

# %%
from golifelab.course.exercises_loading import load_headers

for one in load_headers():
    print(one.permissions, hex(one.address), "file", one.file_size, "memory", one.memory_size)

# %% tags=["answer"]
mappings = ...

# %% tags=["solution"]
mappings = []
for one in load_headers():
    start = one.address // 4096 * 4096
    end = -(-(one.address + one.file_size) // 4096) * 4096
    mappings.append((start, end, one.permissions))
    rest = -(-(one.address + one.memory_size) // 4096) * 4096
    if rest > end:
        mappings.append((end, rest, one.permissions))

# %%
exercise("4.1a").check(mappings)

# %% [markdown]
# ### Touch a page, and it comes

# %%
claim("c4.07")

# %%
claim("c4.08")

# %%
claim("c4.09")

# %% [markdown]
# **Predict.** A program has a table of 513 pages in its file. It reads one number in the middle.
# How many pages come into memory? Then it writes to that number. How many more?
#
# **Run.** The kernel tells every process which of its own pages are there. This program touches its
# memory step by step and looks. The columns: pages, how many are in memory, how many of those are
# the file's own, and how many page faults it took.

# %%
from golifelab.claims.own_memory import touched
from golifelab.claims.workbench import Lab, workbench

seen = touched(Lab(workbench()))
for what, pages in seen.items():
    print(f"{what:40}{pages.pages:4} {pages.present:4} {pages.own:4} {pages.faults:4}")

# %% [markdown]
# A **page fault** is not an error. The processor finds no page, the kernel brings one, and the
# program knows nothing of it. When the number was written to, no page more was needed; but one of
# them is no longer the file's. It has become a copy, which belongs to this process alone: **copy on
# write**. So a hundred processes can share one file, and none sees what another writes.

# %%
claim("c4.07").run()

# %%
claim("c4.08").run()

# %%
claim("c4.09").run()

# %% [markdown]
# **Surprise.** Look at the last two lines of the table. Nobody may write to code. But a debugger
# has to, when it sets a breakpoint: it writes an instruction into the process from outside. The
# kernel allows it and makes a copy of the page, so that the file, and everybody else who runs it,
# keeps the original. A breakpoint can be seen from afar: a page of code that is not the file's.
#
# **Exercise 4.1c.** One fault has brought more than one page. Here is the address that was read.
# From which address up to which one did pages come?

# %%
from golifelab.course.exercises_loading import touched_address

print(hex(touched_address()))

# %% tags=["answer"]
arrived = ...

# %% tags=["solution"]
one = seen["table: one number is read"]
size = (one.present - seen["table: nothing"].present) * 4096
start = touched_address() // size * size
arrived = (start, start + size)

# %%
exercise("4.1c").check(arrived)

# %% [markdown]
# ### Inside the kernel

# %%
claim("c4.11")

# %%
claim("c4.12")

# %% [markdown]
# **Run.** The kernel has a list of its own functions, and everybody may read the names. Which of
# those that the article speaks of are there?

# %%
from golifelab.claims.mappings import kernel_names
from golifelab.errors import FeatureUnavailable

old = ("do_page_fault", "file_read_actor")
new = ("load_elf_binary", "elf_load", "mmap_region", "exc_page_fault", "filemap_fault")
try:
    for name in (*new, *old):
        print(f"{name:16}", "there" if name in kernel_names() else "not there")
except FeatureUnavailable as error:
    print(error)

# %%
claim("c4.11").run()

# %%
claim("c4.12").run()

# %% [markdown]
# ### What the system is asked for
#
# `strace` shows each **system call** of a program: what it asks the kernel for. The article shows
# such a trace and says it is that of a Go program.

# %%
claim("c4.02")

# %%
claim("c4.03")

# %%
claim("c4.06")

# %% [markdown]
# **Run.** hello, linked in three ways: as Go does it by itself, position-independent, and with the
# C library. Where strace is missing, we trace ourselves; where nobody may trace, we hold the first
# one at each of its calls, and of the others you see what was recorded.

# %%
from golifelab.course.exercises_loading import traces

for kind, calls in traces().items():
    print(f"{kind:8} by {calls.how}: {len(calls.rows)} calls,", end=" ")
    print(", ".join(f"{number} {name}" for name, number in list(calls.counts().items())[:6]))

# %%
for kind in ("static", "dynamic"):
    if kind in traces():
        print(kind)
        for row in traces()[kind].named("mmap", "openat")[:7]:
            print("   ", row.line()[:92])

# %% [markdown]
# In the second trace you can see a loader at work: it opens a library, gets descriptor 3 for it,
# and maps it piece by piece. In the first one descriptor 3 is a setting of the kernel's, which the
# runtime reads and closes, and no file is mapped. What it asks for is memory.

# %%
claim("c4.02").run()

# %%
claim("c4.03").run()

# %%
claim("c4.06").run()

# %% [markdown]
# **Exercise 4.1b.** How many of the `mmap` calls map a file, in each of the three traces?

# %% tags=["answer"]
files_mapped = {"static": ..., "pie": ..., "dynamic": ...}

# %% tags=["solution"]
files_mapped = {
    kind: sum(row.number(4) >= 0 for row in calls.named("mmap")) for kind, calls in traces().items()
}

# %%
exercise("4.1b").check(files_mapped)

# %%
claim("c4.05")

# %%
claim("c4.04")

# %% [markdown]
# **Run.** What do the two flags do? First `MAP_FIXED`. The runtime reserves a large range that
# nobody may touch (`PROT_NONE`), and then maps pieces of it anew, with rights, at exactly those
# addresses:

# %%
for row in traces()["static"].named("mmap"):
    if "MAP_FIXED" in row.flags or row.number(1) >= 64 << 20:
        print(row.line())

# %%
space = traces()["static"].space
print(f"reserved {space.reserved >> 20:,} MiB, made usable {space.committed >> 20:,} MiB")

# %%
claim("c4.05").run()

# %%
claim("c4.04").run()

# %% [markdown]
# **Exercise 4.1d.** Five words from such traces: `PROT_NONE`, `PROT_EXEC`, `MAP_FIXED`,
# `MAP_DENYWRITE`, `MAP_ANONYMOUS`. Which of them never occur when a static Go program starts?

# %% tags=["answer"]
never = ...

# %% tags=["solution"]
from golifelab.course.exercises_loading import WORDS

never = set(WORDS) - {flag for row in traces()["static"].rows for flag in row.flags}

# %%
exercise("4.1d").check(never)

# %% [markdown]
# Now you are the detective. Here are traces without names. Which kind of program has made which?
# Ask for hints when you need them, and look at the evidence in the end.

# %%
from golifelab.widgets import forensics

forensics()

# %% [markdown]
# **Surprise.** hello asks for more than a gigabyte of addresses and uses two megabytes. Addresses
# cost nothing. The runtime takes a lot of them so that its tables can be simple arrays: where the
# record about an address is can be computed.

# %% [markdown]
# ---
# ## 4.2 Memory, stacks and the heap

# %%
claim("c4.13")

# %%
claim("c4.24")

# %% [markdown]
# **Run.** What do all these mappings hold? The runtime knows. It is asked here by reading its own
# records in the process: the heap's, the goroutines', the threads'.

# %%
at_main = moments["main.main"] if "main.main" in [one.name for one in moments] else moments[-1]
for row in at_main:
    resident = at_main.smap(row).rss >> 10
    print(f"{row.start:14x} {row.permissions} {row.size >> 10:10,} KiB {resident:6,}  {row.name}")

# %%
claim("c4.13").run()

# %%
claim("c4.24").run()

# %%
claim("c4.21")

# %%
claim("c4.22")

# %%
claim("c4.23")

# %% [markdown]
# **Predict.** The article's command keeps the lines with `r-xp`, `rwxp` or `rw-p`, and of those the
# first five. What does it lose?

# %%
from golifelab.claims.memory_layout import FILTER, FIRST

kept = [row for row in at_main if FILTER.search(row.permissions)]
lost = [row for row in at_main if row not in kept[:FIRST]]
print(len(kept[:FIRST]), "lines are shown,", len(lost), "are lost, among them:")
for row in sorted(lost, key=lambda row: -at_main.smap(row).rss)[:4]:
    print(f"   {row.permissions} {at_main.smap(row).rss >> 10:5,} KiB in memory  {row.name}")
print({words: count for words, (count, _) in at_main.permissions.items()})

# %%
claim("c4.21").run()

# %%
claim("c4.22").run()

# %%
claim("c4.23").run()

# %% [markdown]
# **Exercise 4.2d.** Seven ways to write permissions: `---p`, `--xp`, `-w-p`, `r--p`, `r-xp`,
# `rw-p`, `rwxp`. Which of them has no mapping of any of our programs?

# %% tags=["answer"]
absent = ...

# %% tags=["solution"]
from golifelab.course.exercises_stacks import PERMISSIONS, seen_permissions

absent = set(PERMISSIONS) - set(seen_permissions())

# %%
exercise("4.2d").check(absent)

# %% [markdown]
# ### Variables

# %%
claim("c4.15")

# %%
claim("c4.14")

# %%
claim("c4.25")

# %% [markdown]
# **Predict.** Four variables: an array with numbers in it, a pointer to that array, an array of
# zeroes, and a pointer that is nil. Into which sections does the linker put them?
#
# **Run.** There are two questions. Does it have a value that must stand in the file? And has it
# pointers in it, so that the collector has to look at it?

# %%
homes = sample("homes")
print("\n".join(homes.text.splitlines()[9:16]))
for name in ("filled", "pointer", "empty", "nowhere"):
    symbol = homes.link().symbol(f"main.{name}")
    print(f"{name:8} {symbol.address:#x}  {symbol.size:5} bytes  {symbol.section}")

# %%
claim("c4.15").run()

# %%
claim("c4.14").run()

# %%
claim("c4.25").run()

# %% [markdown]
# ### The stacks that are no goroutine's

# %%
claim("c4.17")

# %%
claim("c4.18")

# %% [markdown]
# **Run.** Each thread has a goroutine of its own, **g0**, which schedules and does what must not
# happen on a goroutine's stack. That of the first thread uses a piece of the stack that the kernel
# has made.

# %%
claim("c4.17").run()

# %%
claim("c4.18").run()

# %% [markdown]
# ### A goroutine's stack

# %%
claim("c4.19")

# %%
claim("c4.28")

# %%
claim("c4.31")

# %%
claim("c4.29")

# %% [markdown]
# **Predict.** `deep` calls itself n times. How large will the stack be for n = 10,000: 128 KiB, one
# megabyte, several? Decide, then run:

# %%
deep = sample("deep")
grown = deep.stack_growth("deep")
print(f"a new goroutine has {grown.start:,} bytes")
for step in grown.steps:
    print(f"{step.size:12,} bytes are enough up to deep({step.last:,})")

# %% [markdown]
# Each step is a copy. A function's first instructions compare the stack pointer with a limit; where
# it does not suffice, the runtime allocates twice the size, copies everything over, and corrects
# every pointer into the old stack. That is what stack maps are for.

# %%
show(deep, view="stacks")

# %%
claim("c4.19").run()

# %%
claim("c4.28").run()

# %%
claim("c4.31").run()

# %%
claim("c4.29").run()

# %% [markdown]
# **Exercise 4.2a.** How large is the stack while `deep(3000)` is at its deepest? In bytes.

# %% tags=["answer"]
stack_size = ...

# %% tags=["solution"]
stack_size = grown.size(3000)

# %%
exercise("4.2a").check(stack_size)

# %% [markdown]
# **Exercise 4.2b.** What does one level cost? And what if the compiler must not inline `deep`? Work
# both out from the steps.

# %%
from golifelab.course.exercises_stacks import both

both().frame()

# %% tags=["answer"]
slopes = {"as written": ..., "//go:noinline": ...}

# %% tags=["solution"]
slopes = {}
for row in both().rows:
    first, last = row.growth.steps[2], row.growth.steps[-1]
    slopes[row.label] = (last.size - first.size) / (last.last - first.last)

# %%
exercise("4.2b").check(slopes)

# %% [markdown]
# And where does it end?

# %%
claim("c4.27")

# %% [markdown]
# **Run.** The limit can be lowered by the program itself. With one of 25,000,000 bytes it does not
# take much memory to run into it. (Without `limit=` it is the real wall, and needs a gigabyte.)

# %%
from golifelab.run.stacks.overflow import stack_overflow

wall = stack_overflow(deep.source, deep.target, "deep", limit=25_000_000)
print(f"limit {wall.limit:,}; deep({wall.fits:,}) fits, on a stack of {wall.usable:,} bytes")
print(f"deep({wall.overflows:,}):\n{wall.message}")

# %%
claim("c4.27").run()

# %% [markdown]
# **Exercise 4.2c.** With the runtime's own limit of a thousand million bytes: give two arguments of
# `deep`, not more than 5 % apart, of which one still fits and the other does not.

# %% tags=["answer"]
bracket = ...

# %% tags=["solution"]
wall_at = grown.usable / grown.bytes_per_level
bracket = (int(wall_at * 0.99), int(wall_at * 1.01))

# %%
exercise("4.2c").check(bracket)

# %%
claim("c4.20")

# %%
claim("c4.30")

# %% [markdown]
# **Run.** Where does the memory of stacks come from, and who reports it? Here are the runtime's own
# counters, while a goroutine is deep down, and then after each collection:

# %%
for one in grown.growth:
    print(
        f"deep({one.argument:,}): stacks {one.stack_inuse:+,} bytes,"
        f" objects of the heap {one.heap_alloc:+,}"
    )
for one in grown.shrinking[:5]:
    print(f"after {one.collections} collections the stack has {one.stack:,} bytes")

# %%
claim("c4.20").run()

# %%
claim("c4.30").run()

# %% [markdown]
# ### The heap

# %%
claim("c4.16")

# %%
claim("c4.26")

# %% [markdown]
# **Run.** This program keeps some of what it allocates and throws most of it away. Whose is the
# memory? Choose a part to go deeper, and see what the collector did meanwhile.

# %%
keeper = sample("keeper")
show(keeper, view="heap")

# %%
claim("c4.16").run()

# %%
claim("c4.26").run()

# %% [markdown]
# This is a good place for a break. To go on from here another day, run the next cell and continue.

# %%
from golifelab import claim, exercise, quiz, sample, show
from golifelab.errors import FeatureUnavailable

hello = sample("hello")

# %% [markdown]
# ---
# ## 4.3 Initialisation: before main
#
# Packages have variables with values that must be computed, and functions called `init`. All of
# that is done before `main.main`, in an order that the language fixes. Here is that of hello: which
# package waits for which, what follows from that, and what really happened.

# %%
show(hello, view="inits")

# %%
claim("c4.32")

# %%
claim("c4.34")

# %%
claim("c4.43")

# %%
claim("c4.38")

# %% [markdown]
# **Run.** The compiler writes one record for each package that has something to do, with the
# functions it has to run. The linker makes two lists of them. Here they are, read from the file:

# %%
from golifelab.run.inits.tasks import init_tasks

tasks = init_tasks(hello.link())
for name, listed in (("runtime", tasks.runtime), ("main", tasks.main)):
    print(f"the list of {name}:")
    for task in listed[:12]:
        print(f"   {task.package:26} {', '.join(task.functions)[:60]}")

# %%
claim("c4.32").run()

# %%
claim("c4.34").run()

# %%
claim("c4.43").run()

# %%
claim("c4.38").run()

# %% [markdown]
# ### In which order?

# %%
claim("c4.33")

# %%
claim("c4.35")

# %%
claim("c4.42")

# %%
claim("c4.41")

# %% [markdown]
# **Run.** The rule has two parts. A package is ready when all that it imports are done. Of all that
# are ready, the one whose path comes first in the alphabet goes next. In which order the imports
# stand in the source does not matter. Try it: take imports away, or add some.

# %%
from golifelab.widgets import InitGraph

InitGraph({"main": ("z", "m", "a"), "a": ("z",)})

# %%
claim("c4.33").run()

# %%
claim("c4.35").run()

# %%
claim("c4.42").run()

# %%
claim("c4.41").run()

# %% [markdown]
# **Exercise 4.3a.** Nine packages. In which order are they initialised? A real program with these
# imports is built and asked.

# %%
from golifelab.course.exercises_inits import asked_imports

for package, imported in sorted(asked_imports().items()):
    print(f"{package:8} imports {', '.join(imported) or 'nothing'}")

# %% tags=["answer"]
package_order = ...

# %% tags=["solution"]
from golifelab.run.inits.order import init_order

package_order = list(init_order(asked_imports()).order)

# %%
exercise("4.3a").check(package_order)

# %% [markdown]
# **Exercise 4.3c.** `main` imports `a`, `m` and `z`, and `a` imports `z`: the order is m, z, a,
# main. Add one import, `(who, whom)`, so that `m` is the last before main.

# %% tags=["answer"]
added = ...

# %% tags=["solution"]
added = ("m", "a")

# %%
exercise("4.3c").check(added)

# %% [markdown]
# ### Inside a package
#
# Between the variables of a package there is an order as well. It follows what they need, not
# where they stand.

# %%
inits = sample("inits")
for one in inits.variable_order:
    how = f"set by code, number {one.code_rank}" if one.how == "code" else one.how
    print(f"{one.name:8} needs {', '.join(one.needs) or 'nothing':14} {how}")

# %%
from golifelab.course.trials import said_by

print(said_by(inits.link()))

# %% [markdown]
# **Exercise 4.3b.** And here? In which order do these variables get their values?

# %%
from golifelab.course.exercises_inits import VARIABLES

print(VARIABLES.text)

# %% tags=["answer"]
variable_order = ...

# %% tags=["solution"]
variable_order = list(VARIABLES.variable_order.code_order)

# %%
exercise("4.3b").check(variable_order)

# %% [markdown]
# ### What the tools say

# %%
claim("c4.36")

# %%
claim("c4.37")

# %%
claim("c4.39")

# %%
claim("c4.40")

# %% [markdown]
# **Run.** The runtime reports initialisation if it is asked by `GODEBUG=inittrace=1`: who, when,
# for how long, how many bytes and allocations. Not why.

# %%
hello.inits

# %%
claim("c4.36").run()

# %%
claim("c4.37").run()

# %%
claim("c4.39").run()

# %%
claim("c4.40").run()

# %% [markdown]
# **Exercise 4.3d.** netapp looks up a name, and it has more to set up. Which of its packages
# allocates most often while it is initialised?

# %% tags=["answer"]
busiest = ...

# %% tags=["solution"]
try:
    busiest = max(sample("netapp").inits.rows, key=lambda row: row.allocations).package
except FeatureUnavailable:
    busiest = "?"

# %%
exercise("4.3d").check(busiest)

# %% [markdown]
# **Surprise.** `fmt`, the package that everybody imports, has nothing to initialise, and is in
# neither list. And package runtime is initialised as others are: on a goroutine, the first one.

# %% [markdown]
# ---
# ## 4.4 From the first instruction to main.main
#
# What does a program do before it does anything for you? Here is the whole way, on two lanes: the
# system's stack and a goroutine's. Let it play, or go step by step.

# %%
show(hello, view="boot")

# %%
claim("c4.55")

# %%
claim("c4.54")

# %%
claim("c4.44")

# %%
claim("c4.48")

# %% [markdown]
# **Run.** The same as a table: where it came to, on which stack, in which goroutine, the stack
# pointer, and who has called it. (Where nothing can be held, this is a recording.)

# %%
from golifelab.course.exercises_boot import started

boot = started()
print("seen by:", boot.how)
for one in boot.milestones:
    caller = one.caller.removeprefix("runtime.")
    print(f"{one.name:24} {one.stack:10} g{one.goid}  sp {one.sp:#014x}  {caller}")

# %% [markdown]
# **Exercise 4.4a.** Ten steps of this way, mixed. Put them in order: as a list, or first by hand in
# the puzzle below.

# %%
from golifelab.course.exercises_boot import steps

print(*steps(), sep="\n")

# %%
from golifelab.widgets import boot_puzzle

boot_puzzle(hello)

# %% tags=["answer"]
ordered = ...

# %% tags=["solution"]
ordered = [name for name in boot.order if name in steps()]

# %%
exercise("4.4a").check(ordered)

# %%
claim("c4.55").run()

# %%
claim("c4.54").run()

# %%
claim("c4.44").run()

# %%
claim("c4.48").run()

# %% [markdown]
# ### The first goroutine

# %%
claim("c4.50")

# %%
claim("c4.47")

# %%
claim("c4.51")

# %%
claim("c4.52")

# %% [markdown]
# **Exercise 4.4b.** Every goroutine is made by `newproc`. Who calls it first?

# %% tags=["answer"]
creator = ...

# %% tags=["solution"]
creator = boot.milestone("runtime.newproc").caller

# %%
exercise("4.4b").check(creator)

# %% [markdown]
# **Exercise 4.4c.** A register always holds the current g (R14 on amd64, R28 on arm64). At which
# milestone is it not zero any more? And at which does it hold a goroutine's g for the first time,
# not that of g0?

# %%
for one in boot.milestones:
    print(f"{one.name:24} register {one.register:#014x}  goroutine {one.goid}")

# %% tags=["answer"]
two_milestones = ...

# %% tags=["solution"]
two_milestones = (
    next((one.name for one in boot.milestones if one.register), "?"),
    next((one.name for one in boot.milestones if one.register and one.goid), "?"),
)

# %%
exercise("4.4c").check(two_milestones)

# %%
claim("c4.50").run()

# %%
claim("c4.47").run()

# %%
claim("c4.51").run()

# %%
claim("c4.52").run()

# %% [markdown]
# **Surprise.** The stack of the first goroutine has been moved before your main begins: its 2,048
# bytes are not enough for what the runtime does on it.
#
# ### runtime.main, and how it ends

# %%
claim("c4.46")

# %%
claim("c4.45")

# %%
claim("c4.49")

# %%
claim("c4.53")

# %% [markdown]
# **Run.** How often were these functions come to?

# %%
for name, times in boot.counts.items():
    print(f"{times:4} {name}")

# %%
claim("c4.46").run()

# %%
claim("c4.45").run()

# %%
claim("c4.49").run()

# %%
claim("c4.53").run()

# %% [markdown]
# **Exercise 4.4d.** `main` calls `runtime.Goexit()`, which ends its goroutine. What is the first
# line that the runtime prints?

# %% tags=["answer"]
last_words = ...

# %% tags=["solution"]
from golifelab.course.exercises_boot import LEAVING

last_words = said_by(LEAVING.link())

# %%
exercise("4.4d").check(last_words)

# %% [markdown]
# ### Change the runtime
#
# The runtime is Go, and it is compiled into your program. So you can change it. This adds a line to
# `runtime.main`: a copy of the file is changed and compiled, and your Go stays as it is. The first
# time takes some seconds.

# %%
from golifelab.compile.changed.patch import Edit

line = "println(`runtime.main begins, on goroutine`, getg().goid)"
anchor = "\nfunc main() {\n"
edit = Edit("runtime/proc.go", anchor, f"{anchor}\t{line}\n")
print(said_by(hello.changed_runtime([edit])))

# %% [markdown]
# **Surprise.** Change `line`, and run it again: you work on Go's own runtime. Where a process can
# be held in no other way, the course does that, too: it changes a runtime, which says where it is
# and waits.
#
# ### The scheduler
#
# Now your goroutines run. Who runs when, and where? This program has twenty that only count, for
# as long as they may. Choose lanes by processor (P), by thread (M) or by goroutine (G), and follow
# one of them.

# %%
busy = sample("busy")
show(busy, view="scheduler")

# %% [markdown]
# How does one goroutine make room for another that has to wait? `count` in this program calls no
# function and waits for nothing; nobody could stop it at a call. With one processor, four of them
# take turns all the same: the runtime sends its own threads a signal, SIGURG. Switch that off, and
# count the interruptions:

# %%
spinning = sample("spinning")
for by_signal in (True, False):
    try:
        seen = spinning.scheduled(1, async_preemption=by_signal)
        print(f"signals {'on ' if by_signal else 'off'}: {len(seen.preemptions)} interruptions")
    except FeatureUnavailable as error:
        print(error)

# %% [markdown]
# ---
# ## Quiz: loading and running

# %%
quiz("load-and-run")

# %% [markdown]
# ## In short
#
# - execve maps the file and reads next to nothing. Pages come by faults, some neighbours with each.
#   What is written to becomes a copy; zeroes come from nowhere.
# - A static Go program maps no file. Traces with descriptor 3 and `MAP_DENYWRITE` are a loader's.
# - A process has over a gigabyte of addresses and uses two megabytes. Addresses are free.
# - Code is executed, tables are read, data is written, and nothing is both written and executed.
# - A goroutine's stack begins with 2 KiB and doubles by being copied. It ends at 512 MiB, the last
#   power of two below the limit. The collector halves stacks that are hardly used.
# - Packages: ready ones by the alphabet. Variables: by what they need. Everything once, in one
#   goroutine, before main.main.
# - rt0_go, args, osinit, schedinit, newproc, mstart, schedule, execute, gogo, and only then
#   runtime.main. It returns to nobody: it ends by exit.
#
# The claims of chapter 4, tried on your Go:

# %%
from golifelab import claim_board, progress

claim_board(chapter=4, run=True)

# %%
progress()

# %% [markdown]
# Previous: [03 Link](03_link.ipynb) · Next: 05 One program, looked at from all sides (coming)

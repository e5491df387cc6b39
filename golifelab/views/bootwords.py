"""What each function of a program's start is for, in a sentence or two."""

from __future__ import annotations

# The words hold for Go 1.24 to 1.27; each was checked against $GOROOT/src/runtime.
_WORDS = {
    "_rt0_": (
        "The file’s entry: where the kernel, or the dynamic loader, lets the program begin. The "
        "stack holds the arguments and the environment, and nothing of Go is set up yet."
    ),
    "runtime.rt0_go": (
        "Assembly that prepares the first thread: it makes the kernel’s stack that of g0, binds "
        "g0 and m0 to each other, and sets up thread-local storage. Then it calls the rest."
    ),
    "runtime.check": "Makes sure that sizes and atomic operations are what the compiler assumes.",
    "runtime.args": "Notes the arguments and reads what the kernel tells in the auxiliary vector.",
    "runtime.osinit": "Asks the system how many processors there are and how large a huge page is.",
    "runtime.schedinit": (
        "Sets up the runtime before any goroutine exists: the memory allocator, the collector, the "
        "environment, and the scheduler’s processors."
    ),
    "runtime.mallocinit": "Reserves the addresses that the heap’s own tables and arenas will need.",
    "runtime.gcinit": "Reads GOGC and GOMEMLIMIT and prepares the garbage collector.",
    "runtime.procresize": "Makes GOMAXPROCS processors (P) and gives the first to this thread.",
    "runtime.newproc": (
        "What every go statement calls. Here rt0_go calls it for runtime.main: the first goroutine "
        "is made, and put into a queue. It does not run yet."
    ),
    "runtime.newproc1": "Makes the goroutine itself: a small stack, and where to begin on it.",
    "runtime.mstart": (
        "Where a thread enters the scheduler. For the first one rt0_go calls it; it never returns."
    ),
    "runtime.mstart0": "Settles the bounds of the system stack.",
    "runtime.mstart1": (
        "Saves where g0 is to go on later, installs the signal handlers on the first thread, and "
        "calls schedule."
    ),
    "runtime.schedule": "Looks for a goroutine that can run. There is one: that of runtime.main.",
    "runtime.execute": "Binds the chosen goroutine to this thread and marks it as running.",
    "runtime.gogo": (
        "Assembly that loads the goroutine’s stack pointer and jumps to where it is to go on. This "
        "is the switch from the system stack to a goroutine’s."
    ),
    "runtime.main": (
        "The first function on a goroutine’s stack, and an ordinary one of Go. Below it stands "
        "goexit as if it had called it."
    ),
    "runtime.newm": (
        "Starts another thread, here the one that watches over the others (sysmon). It runs on "
        "the system stack, to which the goroutine switched for this."
    ),
    "runtime.doInit1": (
        "Runs the inits of one package: first those the runtime needs for itself, then, after "
        "gcenable, those of the program, each package after those it imports."
    ),
    "runtime.gcenable": (
        "Starts the goroutines that sweep and give memory back. From here on the collector may run."
    ),
    "main.main": (
        "The program’s own main, called by runtime.main like any function, on the same stack."
    ),
    "runtime.exit": (
        "The system call that ends the process. runtime.main makes it when main.main has returned: "
        "nothing ever goes back into goexit."
    ),
    "runtime.goexit1": "What a goroutine that returned comes to. The main one never does.",
    "runtime.goexit0": "Takes an ended goroutine off its thread, on the system stack.",
}
# What is often drawn, and puts three of the steps where they don't belong.
WRONG = (
    "runtime.rt0_go",
    "runtime.main",
    "runtime.newproc",
    "runtime.mstart",
    "runtime.schedule",
    "runtime.execute",
    "main.main",
)
# The steps of the exercise: those above, and what happens between them.
STEPS = (
    "runtime.rt0_go",
    "runtime.schedinit",
    "runtime.newproc",
    "runtime.mstart",
    "runtime.schedule",
    "runtime.execute",
    "runtime.gogo",
    "runtime.main",
    "runtime.gcenable",
    "main.main",
    "runtime.exit",
)


def words_for(function: str) -> str:
    """What a function of the start is for; "" for one that is not known."""
    return next((text for name, text in _WORDS.items() if _meant(function, name)), "")


def _meant(function: str, name: str) -> bool:
    return function.startswith(name) if name.endswith("_") else function == name

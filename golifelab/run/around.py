"""The Go code around a program's main: what runs before it, after it, and when it is to end.

Some of the runtime's own calls are led through it (REDIRECTS): nothing else would let code run when
os.Exit is called, or when a panic of any goroutine or a misused map is about to end the program.
And some calls of this code lead to functions of the runtime.
"""

from __future__ import annotations

from collections.abc import Sequence

from golifelab.link.redirect import Redirect

FILE = "golifelab_wrapped.go"
# Names of the main that the runtime calls, of functions around it, and of the packages they use.
PREFIX = "golifelab_"
# Variables of the environment: the file for what is gathered, and how long the program may run.
GATHERED, LIMIT = "GOLIFELAB_GATHERED", "GOLIFELAB_LIMIT"
STOPPED = 215  # an exit code far from a program's usual ones
# Files beside that of what is gathered: one asks the program to end, one says what the runtime says
# of a program that waits for ever.
STOP, DEAD = ".stop", ".dead"

# The runtime gets the words of a panic ready while any code may still run, and then stops the world
# ($GOROOT/src/runtime/panic.go, gopanic). Misused maps and locks end a program through functions
# that it lends to their packages. At os.Exit it runs hooks that only std may add.
REDIRECTS = (
    Redirect("runtime.gopanic", "runtime.preprintpanics", "main.golifelab_panics"),
    Redirect("main.golifelab_panics", "main.golifelab_words", "runtime.preprintpanics"),
    *(
        Redirect(f"{package}.fatal", "runtime.fatal", "main.golifelab_errs")
        for package in ("internal/runtime/maps", "internal/sync", "sync")
    ),
    Redirect("main.golifelab_errs", "main.golifelab_fatal", "runtime.fatal"),
    Redirect("os.runtime_beforeExit", "internal/runtime/exithook.Run", "main.golifelab_exits"),
    Redirect("main.golifelab_exits", "main.golifelab_hooks", "internal/runtime/exithook.Run"),
    Redirect("main.golifelab_alarm", "main.golifelab_fatal", "runtime.fatal"),
)

# The variables that hold functions keep them from being inlined or left out. The deferred call runs
# when main returns, panics, or calls runtime.Goexit.
_CODE = """\
package main

import (
{imports}
)

var (
	golifelab_out     *golifelab_os.File
	golifelab_once    golifelab_sync.Once
	golifelab_ending  golifelab_atomic.Bool
	golifelab_ended   golifelab_atomic.Bool
	golifelab_started bool
	golifelab_main    func()
	golifelab_ways    []any
	golifelab_path    string
)

{declarations}

const golifelab_flags = golifelab_syscall.O_WRONLY | golifelab_syscall.O_CREAT |
	golifelab_syscall.O_APPEND | golifelab_syscall.O_CLOEXEC

func golifelab_open(path string) {{
	file, _ := golifelab_syscall.Open(path, golifelab_flags, 0o600)
	golifelab_out = golifelab_os.NewFile(uintptr(file), path)
}}

func golifelab_before() {{
	{before}
}}

func golifelab_after() {{
	golifelab_once.Do(func() {{
		golifelab_ending.Store(true)
		{after}
		golifelab_ended.Store(true)
	}})
}}

// When goroutines panic together, the end waits for what one of them has begun; but not for long:
// the panic may be in just that.
func golifelab_last() {{
	if golifelab_started && !golifelab_ending.Load() {{
		golifelab_after()
	}}
	for range 1000 {{
		if golifelab_ending.Load() == golifelab_ended.Load() {{
			return
		}}
		golifelab_time.Sleep(golifelab_time.Millisecond)
	}}
}}

func golifelab_panics(words golifelab_unsafe.Pointer) {{
	golifelab_last()
	golifelab_words(words)
}}

func golifelab_errs(text string) {{
	golifelab_last()
	golifelab_fatal(text)
}}

func golifelab_exits(code int) {{
	if golifelab_started {{
		golifelab_after()
	}}
	golifelab_hooks(code)
}}

// The calls of these go to the runtime. The second ends the program.

//go:noinline
func golifelab_words(golifelab_unsafe.Pointer) {{}}

//go:noinline
func golifelab_fatal(string) {{}}

//go:noinline
func golifelab_hooks(int) {{}}

func main() {{
	golifelab_main = {main}
	golifelab_ways = []any{{golifelab_panics, golifelab_errs, golifelab_exits}}
	if golifelab_started {{
		golifelab_main()
		return
	}}
	golifelab_path = golifelab_os.Getenv("{gathered}")
	golifelab_open(golifelab_path)
	golifelab_os.Unsetenv("{gathered}")
	defer golifelab_after()
	golifelab_before()
	{alarm}
	golifelab_started = true
	golifelab_main()
}}
"""
# It looks more and more seldom, so that short programs see little of it. A goroutine that sleeps,
# and no timer with a function: what that takes would be told as the program's. A program
# that waits for ever ends with the runtime's words for that: to find out for itself, it would wait
# for our timers, and for seconds for the one with which it gives memory back.
_ALARM = """\
var golifelab_limit golifelab_time.Duration

func golifelab_alarm() {{
	began := golifelab_time.Now()
	for {{
		passed := golifelab_time.Since(began)
		if words, _ := golifelab_os.ReadFile(golifelab_path + "{dead}"); len(words) > 0 {{
			golifelab_after()
			golifelab_fatal(string(words))
		}}
		_, err := golifelab_os.Stat(golifelab_path + "{stop}")
		if err == nil || passed >= golifelab_limit {{
			break
		}}
		pause := max(passed, 50*golifelab_time.Millisecond)
		golifelab_time.Sleep(min(pause, golifelab_limit-passed, 250*golifelab_time.Millisecond))
	}}
	golifelab_after()
	golifelab_os.Exit({stopped})
}}
"""
_SET = """\
golifelab_limit, _ = golifelab_time.ParseDuration(golifelab_os.Getenv("{limit}"))
	golifelab_os.Unsetenv("{limit}")
	go golifelab_alarm()"""
_IMPORTS = ("os", "sync", "sync/atomic", "syscall", "time", "unsafe")


def around(
    main: str,
    *,
    before: str,
    after: str,
    declarations: str,
    imports: Sequence[str],
    stops_inside: bool,
) -> str:
    """The file beside the program's own, whose main.main is called `main` in them."""
    mine = (*_IMPORTS, *imports)
    alarm = _ALARM.format(stop=STOP, dead=DEAD, stopped=STOPPED)
    return _CODE.format(
        imports="\n".join(f'\t{_alias(path)} "{path}"' for path in dict.fromkeys(mine)),
        declarations=declarations + alarm * stops_inside,
        before=before,
        after=after,
        main=main,
        gathered=GATHERED,
        alarm=_SET.format(limit=LIMIT) if stops_inside else "",
    )


def _alias(path: str) -> str:
    return PREFIX + path.rpartition("/")[2]

"""The Go code around a program whose heap is watched: memory over time, and profiles of the heap.

Each profile is written when a collection has found more alive than any before it, and at the end.
"""

from __future__ import annotations

IMPORTS = (
    "bytes",
    "os",
    "runtime",
    "runtime/metrics",
    "runtime/pprof",
    "strconv",
    "sync",
    "time",
    "unsafe",
)

# What is read of runtime/metrics, in the order of the numbers in a line.
METRICS = (
    "/memory/classes/heap/objects:bytes",
    "/gc/heap/live:bytes",
    "/gc/heap/goal:bytes",
    "/memory/classes/heap/stacks:bytes",
    "/memory/classes/heap/unused:bytes",
    "/memory/classes/heap/free:bytes",
    "/memory/classes/heap/released:bytes",
    "/memory/classes/total:bytes",
    "/gc/cycles/total:gc-cycles",
    "/sched/goroutines:goroutines",
)
_LIVE, _CYCLES = 1, 8

# The newest profile also stands in a file of its own, named by that of all and this: for pprof.
SUFFIX = ".pb.gz"

# Stands in standard error between the program's own collections and those forced after it.
END = "golifelab: the program has ended"

BEFORE = """\
golifelab_begin, golifelab_line = golifelab_time.Now(), make([]byte, 0, 256)
	golifelab_here = new([64]byte)
	golifelab_line = append(golifelab_line[:0], "here"...)
	golifelab_number(uint64(uintptr(golifelab_unsafe.Pointer(golifelab_here))))
	golifelab_out.Write(append(golifelab_line, '\\n'))
	golifelab_maps("begin")
	golifelab_sample()
	go golifelab_watch()"""

# What was allocated since the last collection is in the profile only after the next one or two.
AFTER = f"""\
golifelab_lock.Lock()
	golifelab_sample()
	golifelab_profile("last")
	println("{END}")
	golifelab_runtime.GC()
	golifelab_runtime.GC()
	golifelab_sample()
	golifelab_profile("end")"""

DECLARATIONS = (
    """\
var (
	golifelab_lock   golifelab_sync.Mutex
	golifelab_begin  golifelab_time.Time
	golifelab_most   uint64
	golifelab_cycles uint64
	golifelab_more   bool
	golifelab_line   []byte
	golifelab_here   *[64]byte
	golifelab_read   = []golifelab_metrics.Sample{
"""
    + "".join(f'\t\t{{Name: "{name}"}},\n' for name in METRICS)
    + f"""\
	}}
)

// A line of numbers: nanoseconds, then what is read above.
func golifelab_sample() {{
	golifelab_metrics.Read(golifelab_read)
	golifelab_line = append(golifelab_line[:0], "sample"...)
	golifelab_number(uint64(golifelab_time.Since(golifelab_begin)))
	for _, one := range golifelab_read {{
		golifelab_number(one.Value.Uint64())
	}}
	golifelab_out.Write(append(golifelab_line, '\\n'))
}}

func golifelab_number(number uint64) {{
	golifelab_line = golifelab_strconv.AppendUint(append(golifelab_line, ' '), number, 10)
}}

// Bytes under two words, with their number before them.
func golifelab_block(kind, name string, text []byte) {{
	golifelab_line = append(append(append(golifelab_line[:0], kind...), ' '), name...)
	golifelab_number(uint64(len(text)))
	golifelab_out.Write(append(golifelab_line, '\\n'))
	golifelab_out.Write(text)
}}

// The kernel gives a page at a time: what is mapped in between would be told in pieces.
func golifelab_maps(name string) {{
	text, _ := golifelab_os.ReadFile("/proc/self/maps")
	for range 10 {{
		again, _ := golifelab_os.ReadFile("/proc/self/maps")
		if golifelab_bytes.Equal(text, again) {{
			break
		}}
		text = again
	}}
	golifelab_block("maps", name, text)
}}

func golifelab_profile(name string) {{
	var text golifelab_bytes.Buffer
	golifelab_pprof.Lookup("heap").WriteTo(&text, 0)
	golifelab_block("profile", name, text.Bytes())
	golifelab_os.WriteFile(golifelab_out.Name()+"{SUFFIX}", text.Bytes(), 0o600)
	golifelab_maps(name)
}}

// It looks often at first, then more and more seldom: a long run fills no disk.
func golifelab_watch() {{
	pause := golifelab_time.Millisecond
	for count := 1; ; count++ {{
		golifelab_lock.Lock()
		golifelab_sample()
		live := golifelab_read[{_LIVE}].Value.Uint64()
		cycles := golifelab_read[{_CYCLES}].Value.Uint64()
		more := live > golifelab_most+golifelab_most/4
		if cycles != golifelab_cycles && (more || golifelab_more) {{
			// A profile is a collection behind: what this one has found is in the next.
			if golifelab_more = more; more {{
				golifelab_most = live
			}}
			golifelab_profile("most")
		}}
		golifelab_cycles = cycles
		golifelab_lock.Unlock()
		golifelab_time.Sleep(pause)
		if count%500 == 0 {{
			pause *= 2
		}}
	}}
}}
"""
)

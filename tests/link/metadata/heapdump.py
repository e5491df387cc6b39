"""The runtime's own account of its stack maps and pointer masks: a reader of its heap dumps.

`debug.WriteHeapDump` writes, for every goroutine, each frame with the offsets of its pointers, and
for .data and .bss the offsets of theirs. The runtime finds all of them with the very tables that
golifelab reads. Format: $GOROOT/src/runtime/heapdump.go.
"""

from __future__ import annotations

from dataclasses import dataclass

PROGRAM = """package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"strings"
	"text/template"
	"time"
)

type tree struct {
	left, right *tree
	names       []string
	value       any
}

var (
	ready = make(chan bool)
	block = make(chan bool)
	head  tree
	table [40]struct {
		count int
		name  string
		next  *tree
	}
	words = []string{"data", "with", "pointers"}
	empty [9]*int
)

func wait() string { ready <- true; <-block; return "" }

type stringer struct{ text string }

func (s *stringer) String() string { return wait() + s.text }

func (s *stringer) MarshalJSON() ([]byte, error) { return []byte(wait()), errors.New(s.text) }

//go:noinline
func fill(root *tree, depth int, names ...string) (*tree, error) {
	var last [3]*tree
	for i, name := range names {
		last[i%3] = &tree{left: root, names: names[:i], value: name}
		if depth > 0 {
			made, err := fill(last[i%3], depth-1, name+"x", name)
			if err != nil {
				return last[0], fmt.Errorf("%s: %w", name, err)
			}
			root = made
		}
	}
	if depth == 0 {
		return root, errors.New(wait())
	}
	return last[1], nil
}

func all() []func() {
	numbers := []int{3, 1, 2}
	return []func(){
		func() { fill(&head, 3, "a", "b", "c", "d") },
		func() { sort.Slice(numbers, func(i, j int) bool { return numbers[i] < len(wait()) }) },
		func() { strings.Map(func(r rune) rune { wait(); return r }, "text") },
		func() { fmt.Fprintf(os.Stderr, "%d %v %s", 1, []any{&stringer{"a"}}, "b") },
		func() { json.Marshal(map[string]any{"k": []*stringer{{"a"}, {"b"}}}) },
		func() {
			made := template.Must(template.New("t").Parse("{{range .}}{{.String}}{{end}}"))
			made.Execute(os.Stderr, []*stringer{{"a"}})
		},
		func() { defer func() { fmt.Println(recover(), wait()) }(); panic(&head) },
		func() { time.Sleep(time.Hour) },
	}
}

func main() {
	todo := all()
	for _, one := range todo {
		go one()
	}
	for range todo[1:] {
		<-ready
	}
	runtime.GC()
	file, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	debug.WriteHeapDump(file.Fd())
	file.Close()
	fmt.Println(head, table[0], words, empty)
}
"""
_HEADER = b"go1.7 heap dump\n"
# What follows each kind of record: i a number, s a string of bytes, f the offsets of pointers.
_FORMS = {
    1: "isf",
    2: "si",
    3: "iisi",
    4: "iiiiiiiisiiii",
    5: "iiisiiisf",
    6: "iiiissi",
    7: "iiiii",
    8: "ii",
    9: "iii",
    10: "i" * (24 + 256 + 1),
    11: "iiiii",
    12: "isf",
    13: "isf",
    14: "iiiiiii",
    15: "iiiiii",
    17: "ii",
}
_GOROUTINE, _FRAME, _DATA, _BSS, _PROFILE = 4, 5, 12, 13, 16


@dataclass
class RealFrame:
    """A frame as the runtime dumped it: `pointers` are offsets from `sp`."""

    sp: int
    size: int
    entry: int
    pc: int
    name: str
    pointers: list[int]


@dataclass
class Dump:
    """Frames of each goroutine, innermost first; pointers of .data and .bss by offset."""

    stacks: list[list[RealFrame]]
    data: tuple[int, list[int]]
    bss: tuple[int, list[int]]


def read_dump(content: bytes) -> Dump:
    """Read a heap dump."""
    assert content.startswith(_HEADER)
    place = len(_HEADER)

    def number():
        nonlocal place
        value = shift = 0
        while True:
            byte = content[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text():
        nonlocal place
        size = number()
        place += size
        return content[place - size : place]

    def offsets():
        found = []
        while kind := number():
            assert kind == 1
            found.append(number())
        return found

    read = {"i": number, "s": text, "f": offsets}
    stacks, masks = [], {}
    while kind := number():
        if kind == _PROFILE:
            number(), number()
            for _ in range(number()):
                text(), text(), number()
            number(), number()
            continue
        row = [read[letter]() for letter in _FORMS[kind]]
        if kind == _GOROUTINE:
            stacks.append([])
        elif kind == _FRAME:
            sp, _, _, contents, entry, pc, _, name, pointers = row
            stacks[-1].append(RealFrame(sp, len(contents), entry, pc, name.decode(), pointers))
        elif kind in (_DATA, _BSS):
            masks[kind] = (row[0], row[2])
    return Dump(stacks, masks[_DATA], masks[_BSS])

// What the front end has to complain about, in the compiler's own selection and order.

package main

import (
	"cmd/compile/internal/syntax"
	"fmt"
	"sort"
	"strings"
)

type fault struct {
	file         int // index, for the order; files the request does not know come last
	name         string
	line, column uint
	message      string
	code, phase  string
	soft         bool
}

type faults struct {
	list     []fault
	fromScan map[fault]bool
	broken   bool // there are syntax errors
}

func (all *faults) scanned(file *sourceFile, line, column uint, message string) {
	if all.fromScan == nil {
		all.fromScan = make(map[fault]bool)
	}
	all.fromScan[fault{name: file.name, line: line, column: column, message: message}] = true
}

// parsed takes an error of the parser, which passes on those of its scanner.
func (all *faults) parsed(file *sourceFile, err error) {
	all.broken = true
	trouble, ok := err.(syntax.Error)
	if !ok {
		all.add(fault{file: int(file.index), name: file.name, message: err.Error(), phase: "parse"})
		return
	}
	found := fault{name: file.name, line: trouble.Pos.Line(), column: trouble.Pos.Col(), message: trouble.Msg}
	phase := "parse"
	if all.fromScan[found] {
		phase = "scan"
	}
	found.file, found.phase = int(file.index), phase
	all.add(found)
}

func (all *faults) internal(phase string, trouble any) {
	all.add(fault{file: 1 << 30, message: fmt.Sprintf("the compiler's front end failed: %v", trouble), code: phase, phase: "internal"})
}

// add leaves out what the compiler leaves out: further syntax errors of a line, and repetitions.
func (all *faults) add(found fault) {
	for i := len(all.list) - 1; i >= 0; i-- {
		old := &all.list[i]
		if old.file != found.file || old.line != found.line {
			continue
		}
		if isSyntax(old.message) && isSyntax(found.message) || old.message == found.message {
			return
		}
	}
	all.list = append(all.list, found)
}

func isSyntax(message string) bool { return strings.HasPrefix(message, "syntax error") }

func (f *front) reportFaults() {
	list := f.faults.list
	sort.SliceStable(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		if a.file != b.file {
			return a.file < b.file
		}
		if a.line != b.line {
			return a.line < b.line
		}
		return a.column < b.column
	})
	for _, e := range list {
		f.errors.add(f.texts.row(e.name), small(e.line), small(e.column), f.texts.row(e.message),
			f.texts.row(e.code), f.texts.row(e.phase), flag(e.soft))
	}
}

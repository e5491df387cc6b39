// What the front end has to complain about, in the compiler's own selection and order.

package main

import (
	"cmd/compile/internal/syntax"
	"fmt"
	"sort"
	"strings"
)

type fault struct {
	name         string // of the file
	line, column uint
	message      string
	code, phase  string
	soft         bool
}

type faults struct {
	list     []fault
	fromScan map[fault]bool
	files    map[string]int // the order in which files had their first error
	broken   bool           // there are syntax errors: then the compiler does not look at types

	lastSyntax, lastOther fault
}

func (all *faults) scanned(file *sourceFile, line, column uint, message string) {
	if all.fromScan == nil {
		all.fromScan = make(map[fault]bool)
	}
	all.fromScan[fault{file.name, line, column, message, "", "scan", false}] = true
}

// onlyScan reports the scanner's errors where no parser will.
func (all *faults) onlyScan() {
	for found := range all.fromScan {
		all.add(found)
	}
}

// parsed takes an error of the parser, which passes on those of its scanner.
func (all *faults) parsed(file *sourceFile, err error) {
	trouble, ok := err.(syntax.Error)
	if !ok {
		all.add(fault{name: file.name, message: err.Error(), phase: "parse"})
		return
	}
	all.add(fault{file.name, trouble.Pos.Line(), trouble.Pos.Col(), trouble.Msg, "", "parse", false})
}

// settle tells the scanner's errors among those of the parser, once the scanner has seen all.
func (all *faults) settle() {
	for i, found := range all.list {
		if found.phase = "scan"; all.fromScan[found] {
			all.list[i].phase = "scan"
		}
	}
}

func (all *faults) internal(phase string, trouble any) {
	message := fmt.Sprintf("the compiler's front end failed: %v", trouble)
	all.add(fault{message: message, code: phase, phase: "internal"})
}

// add leaves out what the compiler leaves out: a second syntax error of a line, and repetitions.
func (all *faults) add(found fault) {
	last := &all.lastOther
	if strings.HasPrefix(found.message, "syntax error") {
		last, all.broken = &all.lastSyntax, true
	}
	if found.name == last.name && found.line == last.line && found.line > 0 &&
		(last == &all.lastSyntax || found.message == last.message) {
		return
	}
	*last = found
	if all.files == nil {
		all.files = make(map[string]int)
	}
	if _, ok := all.files[found.name]; !ok {
		all.files[found.name] = len(all.files)
	}
	all.list = append(all.list, found)
}

func (f *front) reportFaults() {
	list := f.faults.list
	sort.SliceStable(list, func(i, j int) bool {
		a, b := &list[i], &list[j]
		if a.name != b.name {
			return f.faults.files[a.name] < f.faults.files[b.name]
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

// Request "checks": the type checker at work, step by step, and where in it each error was found. Request
// "found" is the same without the trace, which can lead the checker astray: what it prints of types that
// are not complete yet completes them too early, or has no end.

package main

import (
	"cmd/compile/internal/types2"
	"strings"
)

// watchChecker makes a checker print its trace into the reply, until the returned function is called.
// The errors of the configuration go where they went, and into the table found.
func (f *front) watchChecker(config *types2.Config) (stop func()) {
	columns := strings.Fields
	found := newTable("found", columns("file line column message code phase by"),
		"file", "message", "code", "phase", "by")
	trace := newTable("trace", columns("text found dropped"), "text")
	f.extra = append(f.extra, found, trace)
	for _, fault := range f.faults.list {
		found.add(f.texts.row(fault.name), small(fault.line), small(fault.column), f.texts.row(fault.message),
			-1, f.texts.row(fault.phase), -1)
	}
	config.Trace = f.request.Only == "checks"
	watch, report := watchTrace(config.Trace), config.Error
	watch.errors = len(f.faults.list)
	config.Error = func(err error) {
		before := len(f.faults.list)
		report(err)
		for _, fault := range f.faults.list[before:] {
			watch.mark()
			calls := checkerCalls()
			if len(calls) == 0 {
				calls = []string{"noder"}
			}
			found.add(f.texts.row(fault.name), small(fault.line), small(fault.column),
				f.texts.row(fault.message), f.texts.row(fault.code), f.texts.row(fault.phase),
				f.texts.row(strings.Join(calls, " ")))
		}
	}
	return func() {
		watch.stop()
		for _, row := range watch.rows {
			trace.add(f.texts.row(row.text), row.found, row.dropped)
		}
	}
}

// tellMethods fills the tables of request "methods".
func (f *front) tellMethods(checked *checkedPackage) {
	columns := strings.Fields
	named := newTable("named", columns("name kind parameters file line column constraint local elsewhere"),
		"name", "kind", "parameters", "file")
	methods := newTable("methods",
		columns("named name signature receiver through file line column pointer of_value of_pointer"),
		"name", "signature", "receiver", "through", "file")
	f.extra = append(f.extra, named, methods)
	if checked == nil || checked.pkg == nil {
		return
	}
	place := func(object types2.Object) (file, line, column int32) {
		if base := object.Pos().FileBase(); base != nil && object.Pkg() == checked.pkg {
			return f.texts.row(base.Filename()), small(object.Pos().Line()), small(object.Pos().Col())
		}
		return -1, 0, 0
	}
	finder := findMethods(checked.pkg, checked.info, newTyped(f, checked).qualifier)
	for _, row := range finder.named {
		file, line, column := place(row.object)
		named.add(f.texts.row(row.text), f.texts.row(row.kind), f.texts.row(row.parameters), file, line, column,
			flag(row.constraint), flag(row.local), flag(row.elsewhere))
	}
	for _, row := range finder.methods {
		file, line, column := place(row.method)
		methods.add(row.named, f.texts.row(row.method.Name()), f.texts.row(row.signature),
			f.texts.row(row.receiver), f.texts.row(strings.Join(row.through, " ")), file, line, column,
			flag(row.star), flag(row.ofValue), flag(row.ofPointer))
	}
}

package main

import (
	"go/types"
	"reflect"
	"strings"
	"unsafe"
)

// checks are the tables of request "checks": the type checker at work, and where in it each error was
// found.
type checks struct{ found, trace *table }

// startChecks begins with the errors of the scanner and the parser.
func startChecks(r *reply) *checks {
	c := &checks{r.table("found", "file*", "line", "column", "message*", "code*", "phase*", "by*"),
		r.table("trace", "text*", "found", "dropped")}
	cells := r.errors.columns
	for row := range cells[0] {
		c.found.add(cells[0][row], cells[1][row], cells[2][row], cells[3][row], cells[4][row], cells[5][row], -1)
	}
	return c
}

// watch makes a checker print its trace into the reply, until the returned function is called.
func (c *checks) watch(r *reply, p *pkg, req *request, config *types.Config) (stop func()) {
	traced := req.Only == "checks"
	if traced {
		traceOn(config)
	}
	watch, report := watchTrace(traced), config.Error
	watch.errors = len(c.found.columns[0])
	message := ""
	config.Error = func(err error) {
		report(err)
		e, ok := err.(types.Error)
		if !ok {
			return
		}
		if continues(e) {
			message += p.further(e)
			messages := c.found.columns[3]
			messages[len(messages)-1] = r.str(message)
			return
		}
		message = e.Msg
		watch.mark()
		at := p.fset.PositionFor(e.Pos, false)
		c.found.add(r.str(at.Filename), int32(at.Line), int32(at.Column), r.str(e.Msg),
			r.str(codeOf(e, req.GOROOT)), r.str("types"), r.str(strings.Join(checkerCalls(), " ")))
	}
	return func() {
		watch.stop()
		for _, row := range watch.rows {
			c.trace.add(r.str(row.text), row.found, row.dropped)
		}
	}
}

// traceOn sets the switch that go/types has for its own developers, a private field. Where a Go has
// none, the trace is empty; the errors and who found them are not.
func traceOn(config *types.Config) {
	field, ok := reflect.TypeOf(*config).FieldByName("_Trace")
	if ok && field.Type.Kind() == reflect.Bool {
		*(*bool)(unsafe.Add(unsafe.Pointer(config), field.Offset)) = true
	}
}

// tellMethods fills the tables of request "methods".
func tellMethods(r *reply, p *pkg) {
	named := r.table("named", "name*", "kind*", "parameters*", "file*", "line", "column", "constraint", "local",
		"elsewhere")
	methods := r.table("methods", "named", "name*", "signature*", "receiver*", "through*", "file*", "line",
		"column", "pointer", "of_value", "of_pointer")
	if p.types == nil {
		return
	}
	place := func(object types.Object) (file, line, column int32) {
		if object.Pkg() != p.types {
			return -1, 0, 0
		}
		at := p.fset.PositionFor(object.Pos(), false)
		return r.str(at.Filename), int32(at.Line), int32(at.Column)
	}
	facts := newFacts(r, p)
	finder := findMethods(p.types, p.info, facts.qualifier)
	for _, row := range finder.named {
		file, line, column := place(row.object)
		named.add(r.str(row.text), r.str(row.kind), r.str(row.parameters), file, line, column,
			flag(row.constraint), flag(row.local), flag(row.elsewhere))
	}
	for _, row := range finder.methods {
		file, line, column := place(row.method)
		methods.add(row.named, r.str(row.method.Name()), r.str(row.signature), r.str(row.receiver),
			r.str(strings.Join(row.through, " ")), file, line, column, flag(row.star), flag(row.ofValue),
			flag(row.ofPointer))
	}
}

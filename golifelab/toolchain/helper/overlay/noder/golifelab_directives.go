// Joins package cmd/compile/internal/noder: what it says of //go: directives, while a file is parsed and
// when its declarations are collected.

package noder

import (
	"cmd/compile/internal/base"
	"cmd/compile/internal/syntax"
	"cmd/compile/internal/types2"
	"cmd/internal/objabi"
	"cmd/internal/src"
)

// GolifelabDirectives reads the directives of a package. One of it serves one request.
type GolifelabDirectives struct {
	noders []*noder
	met    []bool // whether a file has any
}

// GolifelabReadDirectives begins with a package of so many files; standard says that it is one of Go's own.
func GolifelabReadDirectives(path string, standard bool, files int) *GolifelabDirectives {
	base.GolifelabBegin(path, standard, standard && objabi.LookupPkgSpecial(path).Runtime)
	d := &GolifelabDirectives{make([]*noder, files), make([]bool, files)}
	for i := range d.noders {
		d.noders[i] = new(noder)
	}
	return d
}

// Handler is the parser's for a file. What is wrong with a directive by itself is reported at once.
func (d *GolifelabDirectives) Handler(file int, report func(error)) syntax.PragmaHandler {
	p := d.noders[file]
	return func(pos syntax.Pos, blankLine bool, text string, old syntax.Pragma) syntax.Pragma {
		d.met[file] = true
		room := 4 // for what is said of one directive; and of each that turns out to be unused
		if before, ok := old.(*pragmas); ok && before != nil {
			room += len(before.Pos) + len(before.Embeds)
		}
		p.err = make(chan syntax.Error, room)
		made := p.pragma(pos, blankLine, text, old)
		close(p.err)
		for err := range p.err {
			report(err)
		}
		return made
	}
}

// Misplaced reports the directives that don't belong where they stand, in a package without other errors.
func (d *GolifelabDirectives) Misplaced(
	files []*syntax.File, pkg *types2.Package, info *types2.Info,
	report func(file string, line, column uint, message string),
) {
	var those []*noder
	for i, p := range d.noders {
		if d.met[i] {
			p.file = files[i]
			those = append(those, p)
		}
	}
	if len(those) == 0 {
		return
	}
	newPkgWriter(posMap{}, pkg, info, nil).collectDecls(those)
	base.GolifelabErrors(func(pos src.Pos, message string) {
		file := pos.Base()
		for file.Pos().Base() != file { // what a //line directive began lies in a file
			file = file.Pos().Base()
		}
		report(file.Filename(), pos.Line(), pos.Col(), message)
	})
}

// The first step of the front end: bytes to tokens.

package main

import (
	"bytes"
	"cmd/compile/internal/syntax"
	"sort"
)

// sourceFile is one file of a request: its bytes, where its lines start, and where its brackets close.
type sourceFile struct {
	index   int32
	name    string
	content []byte
	lines   []int32
	base    *syntax.PosBase
	tree    *syntax.File

	// The real tokens (no comments, no automatic semicolons), in order; for "(", "[" and "{" the offset
	// after its partner, for others and for those without a partner 0.
	starts  []int32
	kinds   []string
	closers []int32
}

func newSourceFile(index int32, name string, content []byte) *sourceFile {
	file := &sourceFile{index: index, name: name, content: content}
	file.lines = make([]int32, 1, 1+bytes.Count(content, []byte{'\n'}))
	for i, c := range content {
		if c == '\n' {
			file.lines = append(file.lines, int32(i+1))
		}
	}
	file.base = syntax.NewFileBase(name)
	return file
}

// offset turns a line and a column into a byte offset within the file.
func (file *sourceFile) offset(line, column uint) int32 {
	if line < 1 || line > uint(len(file.lines)) {
		return int32(len(file.content))
	}
	return min(file.lines[line-1]+int32(column)-1, int32(len(file.content)))
}

// tokenFrom gives the number of the first token that starts at or after an offset.
func (file *sourceFile) tokenFrom(offset int32) int {
	return sort.Search(len(file.starts), func(i int) bool { return file.starts[i] >= offset })
}

// What ordinary Go has, or a little less: room for so many of each is made at the start.
const (
	bytesPerToken      = 3
	bytesPerUse        = 12
	bytesPerDefinition = 32
	bytesPerText       = 64
)

func (f *front) scan() {
	f.tokens.reserve(f.bytes/bytesPerToken + 16)
	for _, file := range f.sources {
		f.scanFile(file)
	}
}

func (f *front) scanFile(file *sourceFile) {
	var open []int
	var kinds [256]int32 // the row of a kind's text, plus one
	room := len(file.content)/bytesPerToken + 16
	file.starts = make([]int32, 0, room)
	file.kinds = make([]string, 0, room)
	file.closers = make([]int32, 0, room)
	emit := func(t *syntax.GolifelabToken) {
		start, end := file.offset(t.Line, t.Column), file.offset(t.EndLine, t.EndColumn)
		if kinds[t.Number] == 0 {
			kinds[t.Number] = f.texts.row(t.Kind) + 1
		}
		f.tokens.add(file.index, start, end, small(t.Line), small(t.Column), small(t.EndLine), small(t.EndColumn),
			kinds[t.Number]-1, f.texts.row(t.Literal), t.LiteralKind, f.texts.row(t.Operator), t.Precedence)
		if t.Kind == "comment" || t.Kind == ";" && t.Literal != "semicolon" {
			return
		}
		file.starts = append(file.starts, start)
		file.kinds = append(file.kinds, t.Kind)
		file.closers = append(file.closers, 0)
		switch t.Kind {
		case "(", "[", "{":
			open = append(open, len(file.closers)-1)
		case ")", "]", "}":
			if n := len(open); n > 0 {
				file.closers[open[n-1]] = end
				open = open[:n-1]
			}
		}
	}
	syntax.GolifelabScan(bytes.NewReader(file.content), emit, func(line, col uint, msg string) {
		f.faults.scanned(file, line, col, msg)
	})
}

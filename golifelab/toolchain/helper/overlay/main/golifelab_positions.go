// Positions of the back end as a table: file, line and column, apart from what //line claims, with the
// calls through which code was inlined.

package main

import (
	"cmd/compile/internal/base"
	"cmd/internal/src"
)

// maxColumn is the largest column the compiler stores; it stands for all beyond.
const maxColumn = 255

type positions struct {
	texts *texts
	table *table
	known map[src.XPos]int32
	sent  int32
}

func newPositions(all *texts) *positions {
	columns := []string{"file", "line", "column", "relative_file", "relative_line", "stmt", "parent", "function"}
	return &positions{texts: all, table: newTable("positions", columns), known: make(map[src.XPos]int32)}
}

// row gives the row of a position, -1 for none. Its parent is the place of the call that was inlined there.
func (p *positions) row(x src.XPos) int32 {
	if !x.IsKnown() {
		return -1
	}
	if row, ok := p.known[x]; ok {
		return row
	}
	pos := base.Ctxt.PosTable.Pos(x)
	parent, function := int32(-1), int32(-1)
	if call := pos.Base().InliningIndex(); call >= 0 {
		tree := &base.Ctxt.InlTree
		parent = p.row(tree.CallPos(call))
		function = p.texts.row(tree.InlinedFunction(call).Name)
	}
	physical := pos.Base()
	for up := physical.Pos().Base(); up != nil && up != physical; up = physical.Pos().Base() {
		physical = up
	}
	column := pos.Col()
	if column >= maxColumn {
		column = 0
	}
	row := p.table.add(p.texts.row(physical.AbsFilename()), small(pos.Line()), small(column),
		p.texts.row(pos.AbsFilename()), small(pos.RelLine()), small(x.IsStmt()), parent, function)
	p.known[x] = row
	return row
}

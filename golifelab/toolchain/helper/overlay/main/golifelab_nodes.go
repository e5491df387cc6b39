// The syntax tree as a table: one row a node, in preorder, with the exact span of its bytes.

package main

import (
	"cmd/compile/internal/syntax"
	"reflect"
	"unsafe"
)

// Bits of the column mode, after those of the type checker's own flags (see enter).
const (
	modeDefines  = 512
	modeImplicit = 1024
)

// Places in table nodes.
const (
	columnFile     = 4
	columnStart    = 7
	columnEnd      = 8
	columnType     = 10
	columnConstant = 11
	columnObject   = 12
	columnMode     = 13
)

// child says how one field of a syntax node leads to further nodes.
type child struct {
	field int
	name  string
	list  bool
}

var nodeInterface = reflect.TypeOf((*syntax.Node)(nil)).Elem()

// children finds the fields of a node type that hold nodes, so that new Go versions need no new code here.
func children(t reflect.Type) []child {
	found := []child{}
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		// Target and DeferAt point at other places of the tree; they are no parts of the node.
		if field.Anonymous || !field.IsExported() || field.Name == "Target" || field.Name == "DeferAt" {
			continue
		}
		switch kind := field.Type.Kind(); {
		case field.Type.Implements(nodeInterface):
			found = append(found, child{i, field.Name, false})
		case (kind == reflect.Slice || kind == reflect.Array) && field.Type.Elem().Implements(nodeInterface):
			found = append(found, child{i, field.Name, true})
		}
	}
	return found
}

// shape is what all nodes of a type have in common, with its names as rows of the reply's texts.
type shape struct {
	kind     int32
	children []child
	fields   []int32
}

// walker turns one file's tree into rows.
type walker struct {
	*front
	file   *sourceFile
	shapes map[reflect.Type]*shape
	rows   map[unsafe.Pointer]int32 // fields declared together share their type's node
}

// walk makes the rows of all trees. What the type checker knows of them is filled in later: it may still
// be at work, which only adds types to the nodes.
func (f *front) walk() {
	tokens := 0
	for _, file := range f.sources {
		tokens += len(file.starts)
	}
	f.nodes.reserve(tokens + 16)
	f.order = make([]syntax.Node, 0, tokens+16)
	shapes := make(map[reflect.Type]*shape)
	for _, file := range f.sources {
		if file.tree != nil {
			w := &walker{f, file, shapes, make(map[unsafe.Pointer]int32, len(file.starts))}
			w.node(file.tree, -1, -1, -1)
		}
	}
}

func (w *walker) shape(t reflect.Type) *shape {
	known := w.shapes[t]
	if known == nil {
		known = &shape{kind: w.texts.row(t.Name()), children: children(t)}
		for _, c := range known.children {
			known.fields = append(known.fields, w.texts.row(c.name))
		}
		w.shapes[t] = known
	}
	return known
}

// node adds the row of a node and those of all below it, and gives its span.
func (w *walker) node(n syntax.Node, parent, field, index int32) (start, end int32) {
	pointer := reflect.ValueOf(n)
	if row, ok := w.rows[pointer.UnsafePointer()]; ok {
		return w.nodes.cells[columnStart][row], w.nodes.cells[columnEnd][row]
	}
	value := pointer.Elem()
	shape := w.shape(value.Type())
	pos := n.Pos()
	start = w.file.offset(pos.Line(), pos.Col())
	row := w.nodes.add(parent, shape.kind, field, index, w.file.index,
		small(pos.Line()), small(pos.Col()), start, start, w.texts.row(nodeText(n)), -1, -1, -1, 0)
	w.rows[pointer.UnsafePointer()] = row
	w.order = append(w.order, n)

	end = start
	for number, c := range shape.children {
		part := value.Field(c.field)
		if !c.list {
			if !part.IsNil() {
				s, e := w.node(part.Interface().(syntax.Node), row, shape.fields[number], -1)
				start, end = min(start, s), max(end, e)
			}
			continue
		}
		for i := 0; i < part.Len(); i++ {
			if element := part.Index(i); !element.IsNil() {
				s, e := w.node(element.Interface().(syntax.Node), row, shape.fields[number], int32(i))
				start, end = min(start, s), max(end, e)
			}
		}
	}
	start, end = w.outline(n, parent, start, end)
	w.nodes.cells[columnStart][row] = start
	w.nodes.cells[columnEnd][row] = end
	return start, end
}

// nodeText gives the part of a node that is written in its own place.
func nodeText(n syntax.Node) string {
	switch n := n.(type) {
	case *syntax.Name:
		return n.Value
	case *syntax.BasicLit:
		return n.Value
	case *syntax.Operation:
		return n.Op.String()
	case *syntax.AssignStmt:
		switch {
		case n.Op == 0:
			return "="
		case n.Op == syntax.Def:
			return ":="
		case n.Rhs == nil:
			return n.Op.String() + n.Op.String()
		}
		return n.Op.String() + "="
	case *syntax.RangeClause:
		switch {
		case n.Lhs == nil:
			return ""
		case n.Def:
			return ":="
		}
		return "="
	case *syntax.BranchStmt:
		return n.Tok.String()
	case *syntax.CallStmt:
		return n.Tok.String()
	case *syntax.CallExpr:
		if n.HasDots {
			return "..."
		}
	case *syntax.TypeDecl:
		if n.Alias {
			return "="
		}
	case *syntax.ChanType:
		switch n.Dir {
		case syntax.SendOnly:
			return "chan<-"
		case syntax.RecvOnly:
			return "<-chan"
		}
		return "chan"
	}
	return ""
}

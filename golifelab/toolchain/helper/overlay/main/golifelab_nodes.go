// The syntax tree as a table: one row a node, in preorder, with the exact span of its bytes.

package main

import (
	"cmd/compile/internal/syntax"
	"cmd/compile/internal/types2"
	"go/constant"
	"reflect"
)

// Bits of the column mode, after those of the type checker's own flags (see enter).
const (
	modeDefines  = 512
	modeImplicit = 1024
)

// Places in table nodes.
const (
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

var (
	nodeInterface = reflect.TypeOf((*syntax.Node)(nil)).Elem()
	childrenOf    = make(map[reflect.Type][]child)
)

// children finds the fields of a node type that hold nodes, so that new Go versions need no new code here.
func children(t reflect.Type) []child {
	if known, ok := childrenOf[t]; ok {
		return known
	}
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
	childrenOf[t] = found
	return found
}

// walker turns one file's tree into rows.
type walker struct {
	*front
	*typed
	file *sourceFile
	rows map[syntax.Node]int32 // fields declared together share their type's node
}

func (f *front) walk(checked *checkedPackage) {
	found := newTyped(f, checked)
	for _, file := range f.sources {
		if file.tree == nil {
			continue
		}
		w := &walker{f, found, file, make(map[syntax.Node]int32)}
		w.node(file.tree, -1, "", -1)
	}
	found.finish()
}

// node adds the row of a node and those of all below it, and gives its span.
func (w *walker) node(n syntax.Node, parent int32, field string, index int32) (start, end int32) {
	if row, ok := w.rows[n]; ok {
		return w.nodes.cells[columnStart][row], w.nodes.cells[columnEnd][row]
	}
	value := reflect.ValueOf(n).Elem()
	kind := value.Type()
	pos := n.Pos()
	start = w.file.offset(pos.Line(), pos.Col())
	row := w.nodes.add(parent, w.texts.row(kind.Name()), w.texts.row(field), index, w.file.index,
		small(pos.Line()), small(pos.Col()), start, start, w.texts.row(nodeText(n)), -1, -1, -1, 0)
	w.rows[n] = row
	w.enter(n, row)

	end = start
	include := func(name string, i int32, part reflect.Value) {
		if part.IsNil() {
			return
		}
		s, e := w.node(part.Interface().(syntax.Node), row, name, i)
		start, end = min(start, s), max(end, e)
	}
	for _, c := range children(kind) {
		part := value.Field(c.field)
		if !c.list {
			include(c.name, -1, part)
			continue
		}
		for i := 0; i < part.Len(); i++ {
			include(c.name, int32(i), part.Index(i))
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

// enter fills in what the type checker knows of a node.
func (w *walker) enter(n syntax.Node, row int32) {
	if w.checked == nil {
		return
	}
	cells := w.nodes.cells
	w.scope(n, row, w.file.index)
	if e, ok := n.(syntax.Expr); ok {
		known := e.GetTypeInfo()
		mode := int32(0)
		for i, set := range [...]bool{known.IsVoid(), known.IsType(), known.IsBuiltin(), known.IsValue(),
			known.IsNil(), known.Addressable(), known.Assignable(), known.HasOk(), known.Value != nil} {
			mode |= flag(set) << i
		}
		cells[columnMode][row] = mode
		if known.Type != nil {
			cells[columnType][row] = w.typeText(known.Type)
		}
		if known.Value != nil {
			cells[columnConstant][row] = w.texts.row(constantText(known.Value))
		}
	}
	switch n := n.(type) {
	case *syntax.Name:
		w.name(n, row)
	case *syntax.SelectorExpr:
		w.selection(n, row)
	}
	if object := w.checked.info.Implicits[n]; object != nil {
		cells[columnObject][row] = w.object(object, row)
		cells[columnMode][row] |= modeImplicit
	}
}

func (w *walker) name(n *syntax.Name, row int32) {
	cells := w.nodes.cells
	object := w.checked.info.Uses[n]
	if defined := w.checked.info.Defs[n]; defined != nil {
		object = defined
		cells[columnMode][row] |= modeDefines
	}
	if object == nil {
		return
	}
	cells[columnObject][row] = w.object(object, row)
	_, isPackage := object.(*types2.PkgName)
	if cells[columnType][row] < 0 && object.Type() != nil && !isPackage {
		cells[columnType][row] = w.typeText(object.Type())
	}
	if instance, ok := w.checked.info.Instances[n]; ok {
		w.instance(instance, row)
	}
}

// constantText writes a constant so that it can be read: numbers in full unless they are enormous.
func constantText(value constant.Value) string {
	const longest = 4096
	switch value.Kind() {
	case constant.Int, constant.String:
		if text := value.ExactString(); len(text) <= longest {
			return text
		}
	}
	return value.String()
}

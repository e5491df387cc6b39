package main

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"reflect"
)

// A goTree turns the trees of go/ast into rows, with go/ast's own names, fields and positions.
type goTree struct {
	*reply
	nodes, marks *table
	index        int32
	file         *token.File
	text         []byte
	lines        []int
	starts, ends edge
}

func goTreeTables(r *reply) (nodes, marks *table) {
	nodes = r.table("go_nodes", "parent", "kind*", "field*", "index", "file", "line", "column", "start", "end", "text*")
	return nodes, r.table("go_marks", "node", "name*", "line", "column")
}

// goTrees parses the files as gofmt does, comments included, and fills the tables of nodes and marks. A mark is
// a position of its own that a node keeps: of an operator, a bracket, a keyword.
func goTrees(r *reply, nodes, marks *table, files []file) {
	for i, f := range files {
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, f.name, f.text, parser.AllErrors|parser.ParseComments|parser.SkipObjectResolution)
		w := &goTree{r, nodes, marks, int32(i), nil, f.text, linesOf(f.text), edge{}, edge{}}
		list, _ := err.(scanner.ErrorList)
		for _, e := range list {
			w.complain(f.name, e)
		}
		// A file without a package clause has no place in the file set by which to find it.
		if tree != nil && tree.FileStart.IsValid() {
			w.file = fset.File(tree.FileStart)
			w.node(tree, -1, "", -1)
		}
	}
}

// complain adds an error of the parser, unless it is one that the scanner gave before.
func (w *goTree) complain(name string, e *scanner.Error) {
	line, column := lineAndColumn(w.lines, min(e.Pos.Offset, len(w.text)))
	row := []int32{w.str(name), line, column, w.str(e.Msg)}
	for i := range w.errors.columns[0] {
		same := true
		for at, cell := range row {
			same = same && w.errors.columns[at][i] == cell
		}
		if same {
			return
		}
	}
	w.errors.add(append(row, -1, w.str("parse"), 0)...)
}

// part says what a field of a go/ast struct holds.
type part struct {
	field int
	name  string
	kind  int
}

const (
	oneNode = iota
	nodeList
	aMark
)

var (
	nodeType = reflect.TypeFor[ast.Node]()
	posType  = reflect.TypeFor[token.Pos]()
	partsOf  = map[reflect.Type][]part{}
)

// parts finds the fields that ast.Walk visits, and the positions; new Go versions need no new code here.
func parts(t reflect.Type) []part {
	if known, ok := partsOf[t]; ok {
		return known
	}
	found := []part{}
	for i := range t.NumField() {
		field := t.Field(i)
		isFile := t == reflect.TypeFor[ast.File]()
		switch {
		case isFile && (field.Name == "Imports" || field.Name == "Unresolved" || field.Name == "Comments"):
			// These lists hold nodes that have their place elsewhere in the tree, or none.
		case field.Type == posType:
			found = append(found, part{i, field.Name, aMark})
		case field.Type.Implements(nodeType):
			found = append(found, part{i, field.Name, oneNode})
		case field.Type.Kind() == reflect.Slice && field.Type.Elem().Implements(nodeType):
			found = append(found, part{i, field.Name, nodeList})
		}
	}
	partsOf[t] = found
	return found
}

func (w *goTree) node(n ast.Node, parent int32, field string, index int32) {
	value := reflect.ValueOf(n).Elem()
	start, end := w.span(n)
	line, column := lineAndColumn(w.lines, start)
	row := w.nodes.add(parent, w.str(value.Type().Name()), w.str(field), index, w.index, line, column,
		int32(start), int32(end), w.str(goText(n)))
	// The marks first: so the marks of a node are rows in a row.
	for _, p := range parts(value.Type()) {
		if p.kind != aMark {
			continue
		}
		if pos := token.Pos(value.Field(p.field).Int()); pos.IsValid() {
			line, column := lineAndColumn(w.lines, w.offset(pos))
			w.marks.add(row, w.str(p.name), line, column)
		}
	}
	for _, p := range parts(value.Type()) {
		v := value.Field(p.field)
		switch p.kind {
		case oneNode:
			if !v.IsNil() {
				w.node(v.Interface().(ast.Node), row, p.name, -1)
			}
		case nodeList:
			for i := range v.Len() {
				if e := v.Index(i); !e.IsNil() {
					w.node(e.Interface().(ast.Node), row, p.name, int32(i))
				}
			}
		}
	}
}

func (w *goTree) offset(pos token.Pos) int {
	return min(max(int(pos)-w.file.Base(), 0), len(w.text)) // broken source can end a node after its file
}

// span gives the bytes a node says it covers. In broken source a node may lack the part that its End asks for.
func (w *goTree) span(n ast.Node) (start, end int) {
	defer func() {
		if recover() != nil {
			end = start
		}
	}()
	start = w.offset(w.starts.of(n, first, ast.Node.Pos))
	end = start
	return start, max(start, w.offset(w.ends.of(n, last, ast.Node.End)))
}

// An edge is where nodes begin, or where they end, once it was found: of a sum of ten thousand numbers each
// part begins where the first number does.
type edge map[ast.Node]token.Pos

// of gives the edge of a node: that of the part which next gives, or else what own says.
func (known edge) of(n ast.Node, next func(ast.Node) ast.Node, own func(ast.Node) token.Pos) token.Pos {
	var chain []ast.Node
	at, found := token.NoPos, false
	for at, found = known[n]; !found; at, found = known[n] {
		chain = append(chain, n)
		part := next(n)
		if part == nil {
			at = own(n)
			break
		}
		n = part
	}
	if len(chain) > 1 {
		for _, n := range chain {
			known[n] = at
		}
	}
	return at
}

// first gives the node that another one begins with, where that can go on and on.
func first(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return n.X
	case *ast.CallExpr:
		return n.Fun
	case *ast.SelectorExpr:
		return n.X
	case *ast.IndexExpr:
		return n.X
	case *ast.SliceExpr:
		return n.X
	case *ast.TypeAssertExpr:
		return n.X
	}
	return nil
}

// last gives the node that another one ends with.
func last(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return n.Y
	case *ast.UnaryExpr:
		return n.X
	case *ast.StarExpr:
		return n.X
	case *ast.ArrayType:
		return n.Elt
	case *ast.MapType:
		return n.Value
	case *ast.ChanType:
		return n.Value
	case *ast.IfStmt:
		if n.Else != nil {
			return n.Else
		}
	}
	return nil
}

// goText gives the part of a node that is written in its own place.
func goText(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.BasicLit:
		return n.Value
	case *ast.Comment:
		return n.Text
	case *ast.BinaryExpr:
		return n.Op.String()
	case *ast.UnaryExpr:
		return n.Op.String()
	case *ast.StarExpr:
		return token.MUL.String()
	case *ast.AssignStmt:
		return n.Tok.String()
	case *ast.IncDecStmt:
		return n.Tok.String()
	case *ast.BranchStmt:
		return n.Tok.String()
	case *ast.GenDecl:
		return n.Tok.String()
	case *ast.RangeStmt:
		if n.TokPos.IsValid() {
			return n.Tok.String()
		}
	case *ast.CallExpr:
		if n.Ellipsis.IsValid() {
			return token.ELLIPSIS.String()
		}
	case *ast.TypeSpec:
		if n.Assign.IsValid() {
			return token.ASSIGN.String()
		}
	case *ast.ChanType:
		return chanWords[n.Dir]
	}
	return ""
}

package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A pkg is a parsed package: the trees of go/ast, and what go/types knows once check ran.
type pkg struct {
	fset   *token.FileSet
	files  []file
	trees  []*ast.File
	info   *types.Info
	types  *types.Package
	facts  facts
	checks *checks // of requests "checks" and "found", else nil
}

// parse reads all files; syntax errors become rows of the error table.
func parse(r *reply, files []file) *pkg {
	p := &pkg{fset: token.NewFileSet(), files: files}
	for _, f := range files {
		mode := parser.AllErrors | parser.SkipObjectResolution
		tree, err := parser.ParseFile(p.fset, f.name, f.text, mode)
		p.trees = append(p.trees, tree)
		list, _ := err.(scanner.ErrorList)
		lines, last := linesOf(f.text), int32(0)
		scanned := map[int32]bool{} // lines with errors that the scanner reported before
		for row, name := range r.errors.columns[0] {
			if name == r.str(f.name) {
				scanned[r.errors.columns[1][row]] = true
			}
		}
		for _, e := range list {
			// Like the compiler: one error a line.
			line, column := lineAndColumn(lines, min(e.Pos.Offset, len(f.text)))
			if line != last && !scanned[line] {
				r.errors.add(r.str(f.name), line, column,
					r.str("syntax error: "+e.Msg), -1, r.str("parse"), 0)
			}
			last = line
		}
	}
	inOrderOfText(r.errors.columns, func(name int32) int {
		return slices.IndexFunc(files, func(f file) bool { return r.str(f.name) == name })
	})
	return p
}

// inOrderOfText sorts rows of errors as they came about: the parser asks the scanner for one token
// after the other, file by file, so neither complains of a whole file before the other.
func inOrderOfText(columns [][]int32, number func(file int32) int) {
	rows := make([]int, len(columns[0]))
	for i := range rows {
		rows[i] = i
	}
	slices.SortStableFunc(rows, func(a, b int) int {
		return cmp.Or(cmp.Compare(number(columns[0][a]), number(columns[0][b])),
			cmp.Compare(columns[1][a], columns[1][b]), cmp.Compare(columns[2][a], columns[2][b]))
	})
	for i, column := range columns {
		sorted := make([]int32, len(rows))
		for to, from := range rows {
			sorted[to] = column[from]
		}
		columns[i] = sorted
	}
}

// rows fills the node table, and with it the objects that names stand for.
func (p *pkg) rows(r *reply) {
	p.facts = newFacts(r, p)
	for i, tree := range p.trees {
		if tree == nil || !tree.Package.IsValid() {
			continue
		}
		w := &walker{reply: r, pkg: p, file: int32(i), base: p.fset.File(tree.Package)}
		w.tree(tree)
	}
	p.facts.finish()
}

// A walker turns one file's go/ast tree into rows that carry the names, the fields and the positions of
// cmd/compile/internal/syntax.
type walker struct {
	*reply
	*pkg
	file int32
	base *token.File
}

type place struct {
	parent int32
	field  string
	index  int32
}

func under(parent int32, field string) place { return place{parent, field, -1} }

func (w *walker) offset(pos token.Pos) int32 {
	if !pos.IsValid() {
		return 0
	}
	// Broken source can end a node after the end of its file.
	return int32(min(max(int(pos)-w.base.Base(), 0), len(w.files[w.file].text)))
}

// row adds the row of a node. at is where the compiler says the node is; n gives its span; e is the
// expression whose type is the node's, or nil.
func (w *walker) row(to place, kind string, at token.Pos, n ast.Node, text string, e ast.Expr) int32 {
	start, end := w.offset(n.Pos()), w.offset(n.End())
	position := w.base.PositionFor(w.base.Pos(int(w.offset(at))), false)
	row := w.nodes.add(to.parent, w.str(kind), w.str(to.field), to.index, w.file, int32(position.Line),
		int32(position.Column), start, max(start, end), w.str(text), -1, -1, -1, 0)
	w.facts.enter(row, n, e)
	return row
}

func (w *walker) tree(f *ast.File) {
	row := w.row(place{-1, "", -1}, "File", f.Package, f, "", nil)
	w.nodes.columns[7][row], w.nodes.columns[8][row] = 0, int32(len(w.files[w.file].text))
	w.expr(under(row, "PkgName"), f.Name)
	w.declarations(row, f.Decls)
}

func (w *walker) declarations(parent int32, list []ast.Decl) {
	index := int32(0)
	for _, d := range list {
		switch d := d.(type) {
		case *ast.FuncDecl:
			w.function(place{parent, "DeclList", index}, d)
			index++
		case *ast.GenDecl:
			for _, s := range d.Specs {
				w.spec(place{parent, "DeclList", index}, d, s)
				index++
			}
		}
	}
}

func (w *walker) function(to place, d *ast.FuncDecl) {
	at := d.Name.Pos()
	if d.Recv != nil {
		at = d.Recv.Opening
	}
	row := w.row(to, "FuncDecl", at, d, "", nil)
	if d.Recv != nil && len(d.Recv.List) > 0 {
		w.fields(row, "Recv", d.Recv)
	}
	w.expr(under(row, "Name"), d.Name)
	w.fields(row, "TParamList", d.Type.TypeParams)
	from := d.Type.Params.Pos()
	if d.Type.TypeParams != nil {
		from = d.Type.TypeParams.Pos()
	}
	w.signature(under(row, "Type"), d.Type, from, span{from, d.Type.End()})
	if d.Body != nil {
		w.block(under(row, "Body"), d.Body)
	}
}

// span is a node whose extent is not one go/ast node's.
type span struct{ from, to token.Pos }

func (s span) Pos() token.Pos { return s.from }
func (s span) End() token.Pos { return s.to }

func (w *walker) spec(to place, d *ast.GenDecl, s ast.Spec) {
	var n ast.Node = s
	if !d.Lparen.IsValid() {
		n = span{d.TokPos, s.End()}
	}
	switch s := s.(type) {
	case *ast.ImportSpec:
		row := w.row(to, "ImportDecl", s.Pos(), n, "", nil)
		w.facts.implicit(row, s)
		if s.Name != nil {
			w.expr(under(row, "LocalPkgName"), s.Name)
		}
		w.expr(under(row, "Path"), s.Path)
	case *ast.TypeSpec:
		text := ""
		if s.Assign.IsValid() {
			text = "="
		}
		row := w.row(to, "TypeDecl", s.Pos(), n, text, nil)
		if n != s {
			w.facts.opens(row, s)
		}
		w.expr(under(row, "Name"), s.Name)
		w.fields(row, "TParamList", s.TypeParams)
		w.expr(under(row, "Type"), s.Type)
	case *ast.ValueSpec:
		kind := "VarDecl"
		if d.Tok == token.CONST {
			kind = "ConstDecl"
		}
		row := w.row(to, kind, s.Pos(), n, "", nil)
		for i, name := range s.Names {
			w.expr(place{row, "NameList", int32(i)}, name)
		}
		w.expr(under(row, "Type"), s.Type)
		w.list(under(row, "Values"), s.Values)
	}
}

// fields adds one Field a name, or one a type where there are no names. Names that share a type share
// its node, which stands under the first of them.
func (w *walker) fields(parent int32, name string, list *ast.FieldList) {
	if list == nil {
		return
	}
	index := int32(0)
	for _, f := range list.List {
		names := f.Names
		if len(names) == 0 {
			names = []*ast.Ident{nil}
		}
		for i, id := range names {
			to := place{parent, name, index}
			if name == "Recv" {
				to.index = -1
			}
			index++
			at := f.Pos()
			if id != nil {
				at = id.Pos()
			}
			row := w.row(to, "Field", at, span{at, f.Type.End()}, "", nil)
			if id != nil {
				w.expr(under(row, "Name"), id)
			} else {
				w.facts.implicit(row, f)
			}
			if i == 0 {
				w.expr(under(row, "Type"), f.Type)
			}
		}
		if f.Tag != nil {
			w.expr(place{parent, "TagList", index - 1}, f.Tag)
		}
	}
}

func (w *walker) signature(to place, t *ast.FuncType, at token.Pos, extent ast.Node) {
	row := w.row(to, "FuncType", at, extent, "", t)
	w.fields(row, "ParamList", t.Params)
	w.fields(row, "ResultList", t.Results)
}

// list adds an expression, or a ListExpr around several.
func (w *walker) list(to place, list []ast.Expr) {
	switch len(list) {
	case 0:
	case 1:
		w.expr(to, list[0])
	default:
		all := span{list[0].Pos(), list[len(list)-1].End()}
		row := w.row(to, "ListExpr", w.at(list[0]), all, "", nil)
		w.exprs(row, "ElemList", list)
	}
}

func (w *walker) exprs(parent int32, field string, list []ast.Expr) {
	for i, e := range list {
		w.expr(place{parent, field, int32(i)}, e)
	}
}

// anchor is the one position at which the compiler sees an expression: the operator or the bracket.
func anchor(e ast.Expr) token.Pos {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return e.OpPos
	case *ast.CallExpr:
		return e.Lparen
	case *ast.IndexExpr:
		return e.Lbrack
	case *ast.IndexListExpr:
		return e.Lbrack
	case *ast.SliceExpr:
		return e.Lbrack
	case *ast.CompositeLit:
		return e.Lbrace
	case *ast.KeyValueExpr:
		return e.Colon
	case *ast.SelectorExpr:
		return e.X.End() // at or before the dot: see at
	case *ast.TypeAssertExpr:
		return e.X.End()
	case *ast.FuncType:
		return e.Params.Pos()
	}
	return e.Pos()
}

func (w *walker) block(to place, b *ast.BlockStmt) {
	row := w.row(to, "BlockStmt", b.Lbrace, b, "", nil)
	w.stmts(row, "List", b.List)
}

func (w *walker) stmts(parent int32, field string, list []ast.Stmt) {
	for i, s := range list {
		w.stmt(place{parent, field, int32(i)}, s)
	}
}

// at gives the anchor of an expression. go/ast does not keep where a dot is: the source knows.
func (w *walker) at(e ast.Expr) token.Pos {
	pos := anchor(e)
	switch e.(type) {
	case *ast.SelectorExpr, *ast.TypeAssertExpr:
		from := w.offset(pos)
		text := string(w.files[w.file].text[from:w.offset(e.End())])
		if i := strings.IndexByte(text, '.'); i > 0 {
			return pos + token.Pos(i)
		}
	}
	return pos
}

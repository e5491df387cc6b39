package main

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strconv"
	"strings"
)

// Bits of the column mode, after those of the type checker's own flags (see enter).
const (
	modeDefines  = 512
	modeImplicit = 1024
)

// facts writes what the type checker found: types of nodes, objects, scopes, selections, instances.
type facts struct {
	*reply
	pkg     *pkg
	types   map[types.Type]int32
	objects map[types.Object]int32
	order   []types.Object
	scopes  map[*types.Scope]int32
}

func newFacts(r *reply, p *pkg) facts {
	f := facts{r, p, map[types.Type]int32{}, map[types.Object]int32{}, nil, map[*types.Scope]int32{}}
	if p.types != nil {
		f.scope(types.Universe, -1, -1, 0, 0)
		f.scope(p.types.Scope(), -1, -1, 0, 0)
	}
	return f
}

func (f *facts) scope(s *types.Scope, node, file, start, end int32) {
	parent := int32(-1)
	if row, ok := f.scopes[s.Parent()]; ok {
		parent = row
	}
	if node < 0 {
		start, end = -1, -1
	}
	f.scopes[s] = f.reply.scopes.add(parent, node, file, start, end, int32(s.Len()))
}

func (f *facts) qualifier(p *types.Package) string {
	if p == f.pkg.types {
		return ""
	}
	return p.Name()
}

func (f *facts) typeText(t types.Type) int32 {
	row, ok := f.types[t]
	if !ok {
		row = f.str(types.TypeString(t, f.qualifier))
		f.types[t] = row
	}
	return row
}

// enter fills in the type, the constant and the scope of a node.
func (f *facts) enter(row int32, n ast.Node, e ast.Expr) {
	if f.pkg.info == nil {
		return
	}
	cells := f.nodes.columns
	f.opens(row, n)
	if e != n {
		f.opens(row, e)
	}
	known, ok := f.pkg.info.Types[e]
	if e == nil || !ok {
		return
	}
	mode := int32(0)
	for i, set := range [...]bool{known.IsVoid(), known.IsType(), known.IsBuiltin(), known.IsValue(),
		known.IsNil(), known.Addressable(), known.Assignable(), known.HasOk(), known.Value != nil} {
		mode |= flag(set) << i
	}
	cells[13][row] = mode
	if known.Type != nil {
		cells[10][row] = f.typeText(known.Type)
	}
	if known.Value != nil {
		cells[11][row] = f.str(constantText(known.Value))
	}
}

// opens notes that a scope begins with a node; n is go/ast's own node, or its place in the source, or nil.
func (f *facts) opens(row int32, n ast.Node) {
	if n == nil || f.pkg.info == nil {
		return
	}
	if s := f.pkg.info.Scopes[n]; s != nil {
		cells := f.nodes.columns
		f.scope(s, row, cells[4][row], cells[7][row], cells[8][row])
	}
}

func (f *facts) name(row int32, id *ast.Ident) {
	if f.pkg.info == nil {
		return
	}
	cells := f.nodes.columns
	object, defines := f.pkg.info.Uses[id], int32(0)
	if defined := f.pkg.info.Defs[id]; defined != nil {
		object, defines = defined, modeDefines
	}
	if _, isLabel := object.(*types.Label); object == nil || isLabel {
		return // the compiler's checker leaves labels to a later step
	}
	cells[13][row] |= defines
	cells[12][row] = f.object(object, row)
	if _, isPackage := object.(*types.PkgName); !isPackage && cells[10][row] < 0 && object.Type() != nil {
		cells[10][row] = f.typeText(object.Type())
	}
	if instance, ok := f.pkg.info.Instances[id]; ok {
		var arguments []string
		for i := range instance.TypeArgs.Len() {
			arguments = append(arguments, types.TypeString(instance.TypeArgs.At(i), f.qualifier))
		}
		f.instances.add(row, f.str(strings.Join(arguments, ", ")), f.typeText(instance.Type))
	}
}

func (f *facts) implicit(row int32, n ast.Node) {
	if f.pkg.info == nil {
		return
	}
	if object := f.pkg.info.Implicits[n]; object != nil {
		f.nodes.columns[12][row] = f.object(object, row)
		f.nodes.columns[13][row] |= modeImplicit
	}
}

func (f *facts) object(object types.Object, node int32) int32 {
	row, ok := f.objects[object]
	if !ok {
		row = f.addObject(object)
	}
	cells := f.reply.objects.columns
	if f.nodes.columns[13][node]&modeDefines != 0 && cells[11][row] < 0 {
		cells[11][row] = node
		cells[10][row] |= 4 * flag(f.isParameter(node))
	}
	return row
}

// isParameter tells whether a defining name stands in the parameters, results or receiver of a function.
func (f *facts) isParameter(node int32) bool {
	cells := f.nodes.columns
	field := cells[0][node]
	if field < 0 || cells[2][node] != f.str("Name") {
		return false
	}
	switch cells[2][field] {
	case f.str("ParamList"), f.str("ResultList"), f.str("Recv"):
		return true
	}
	return false
}

func (f *facts) addObject(object types.Object) int32 {
	kind, flags, value := "", int32(0), int32(-1)
	switch object := object.(type) {
	case *types.Var:
		kind, flags = "Var", flag(object.IsField())|2*flag(object.IsField() && object.Embedded())
	case *types.Const:
		kind, value = "Const", f.str(constantText(object.Val()))
	case *types.TypeName:
		kind, flags = "TypeName", 8*flag(object.IsAlias())
	case *types.Func:
		kind = "Func"
	case *types.PkgName:
		kind = "PkgName"
	case *types.Builtin:
		kind = "Builtin"
	case *types.Nil:
		kind = "Nil"
	}
	typ, path := int32(-1), ""
	if object.Type() != nil && kind != "PkgName" && kind != "Builtin" {
		typ = f.typeText(object.Type())
	}
	if object.Pkg() != nil {
		path = object.Pkg().Path()
	}
	at, name := f.pkg.fset.PositionFor(object.Pos(), false), ""
	if object.Pkg() == f.pkg.types {
		name = at.Filename
	} else {
		at.Line, at.Column = 0, 0 // imported packages are numbered in a file set of their own
	}
	row := f.reply.objects.add(f.str(kind), f.str(object.Name()), typ, f.str(name), int32(at.Line),
		int32(at.Column), f.str(path), -1, flag(object.Exported()), value, flags, -1)
	f.objects[object] = row
	f.order = append(f.order, object)
	return row
}

func (f *facts) selection(row int32, e *ast.SelectorExpr) {
	if f.pkg.info == nil {
		return
	}
	selection := f.pkg.info.Selections[e]
	if selection == nil {
		return
	}
	kind := [...]string{"field", "method", "method expression"}[selection.Kind()]
	var path []string
	for _, step := range selection.Index() {
		path = append(path, strconv.Itoa(step))
	}
	f.selections.add(row, f.str(kind), f.typeText(selection.Recv()), f.str(strings.Join(path, ",")),
		flag(selection.Indirect()))
}

// finish fills in what is known only after the walk: in which scope an object lives.
func (f *facts) finish() {
	for row, object := range f.order {
		if scope, ok := f.scopes[object.Parent()]; ok && object.Parent() != nil {
			f.reply.objects.columns[7][row] = scope
		}
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

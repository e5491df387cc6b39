// What the type checker found, as tables: objects, scopes, selections, instances.

package main

import (
	"cmd/compile/internal/syntax"
	"cmd/compile/internal/types2"
	"go/constant"
	"strconv"
	"strings"
)

// Bits of the column flags of objects.
const (
	flagField     = 1
	flagEmbedded  = 2
	flagParameter = 4
	flagAlias     = 8
)

// Places in table objects.
const (
	columnParent      = 7
	columnObjectFlags = 10
	columnDefinition  = 11
)

// typed numbers what the checker made, in the order in which the tree mentions it.
type typed struct {
	*front
	checked   *checkedPackage
	typeRows  map[types2.Type]int32
	objectRow map[types2.Object]int32
	order     []types2.Object
	scopeRow  map[*types2.Scope]int32
	scopeNode []int32
}

func newTyped(f *front, checked *checkedPackage) *typed {
	t := &typed{front: f, typeRows: make(map[types2.Type]int32), scopeRow: make(map[*types2.Scope]int32)}
	if checked == nil || checked.pkg == nil {
		return t
	}
	t.objectRow = make(map[types2.Object]int32, len(checked.info.Defs)*5/4)
	t.checked = checked
	t.addScope(types2.Universe, -1, -1)
	t.addScope(checked.pkg.Scope(), -1, -1)
	return t
}

func (t *typed) addScope(scope *types2.Scope, node, file int32) {
	parent := int32(-1)
	if row, ok := t.scopeRow[scope.Parent()]; ok {
		parent = row
	}
	t.scopeRow[scope] = t.scopes.add(parent, node, file, -1, -1, int32(scope.Len()))
	t.scopeNode = append(t.scopeNode, node)
}

// describe fills in what the type checker knows of the nodes, in their order.
func (f *front) describe(checked *checkedPackage) {
	t := newTyped(f, checked)
	if t.checked == nil {
		return
	}
	for row, n := range f.order {
		t.enter(n, int32(row))
	}
	t.finish()
}

// enter fills in what the type checker knows of a node.
func (t *typed) enter(n syntax.Node, row int32) {
	cells, info := t.nodes.cells, t.checked.info
	e, ok := n.(syntax.Expr)
	if _, isFunc := n.(*syntax.FuncType); !ok || isFunc { // no other expression has a scope
		if scope := info.Scopes[n]; scope != nil {
			t.addScope(scope, row, cells[columnFile][row])
		}
	}
	if ok {
		known := e.GetTypeInfo()
		mode := int32(0)
		for i, set := range [...]bool{known.IsVoid(), known.IsType(), known.IsBuiltin(), known.IsValue(),
			known.IsNil(), known.Addressable(), known.Assignable(), known.HasOk(), known.Value != nil} {
			mode |= flag(set) << i
		}
		cells[columnMode][row] = mode
		if known.Type != nil {
			cells[columnType][row] = t.typeText(known.Type)
		}
		if known.Value != nil {
			cells[columnConstant][row] = t.texts.row(constantText(known.Value))
		}
	}
	switch n := n.(type) {
	case *syntax.Name:
		t.name(n, row)
	case *syntax.SelectorExpr:
		t.selection(n, row)
	}
	if ok {
		return // what is implicit belongs to clauses, imports and fields
	}
	if object := info.Implicits[n]; object != nil {
		cells[columnObject][row] = t.object(object, row)
		cells[columnMode][row] |= modeImplicit
	}
}

func (t *typed) name(n *syntax.Name, row int32) {
	cells := t.nodes.cells
	object := t.checked.info.Uses[n]
	// The name of an embedded field is both: it uses the type and defines the field.
	if _, isType := object.(*types2.TypeName); object == nil || isType {
		if defined := t.checked.info.Defs[n]; defined != nil {
			object = defined
			cells[columnMode][row] |= modeDefines
		}
	}
	if object == nil {
		return
	}
	cells[columnObject][row] = t.object(object, row)
	_, isPackage := object.(*types2.PkgName)
	if cells[columnType][row] < 0 && object.Type() != nil && !isPackage {
		cells[columnType][row] = t.typeText(object.Type())
	}
	if instance, ok := t.checked.info.Instances[n]; ok {
		t.instance(instance, row)
	}
}

// qualifier names other packages by their name, as one writes them in the program.
func (t *typed) qualifier(pkg *types2.Package) string {
	if pkg == t.checked.pkg {
		return ""
	}
	return pkg.Name()
}

func (t *typed) typeText(typ types2.Type) int32 {
	row, ok := t.typeRows[typ]
	if !ok {
		row = t.texts.row(types2.TypeString(typ, t.qualifier))
		t.typeRows[typ] = row
	}
	return row
}

// object gives the row of an object. node is the row of a node that stands for it: the first one that
// defines it is remembered.
func (t *typed) object(object types2.Object, node int32) int32 {
	row, ok := t.objectRow[object]
	if !ok {
		row = t.addObject(object)
	}
	cells := t.objects.cells
	if t.nodes.cells[columnMode][node]&modeDefines != 0 && cells[columnDefinition][row] < 0 {
		cells[columnDefinition][row] = node
		if t.isParameter(node) {
			cells[columnObjectFlags][row] |= flagParameter
		}
	}
	return row
}

func (t *typed) addObject(object types2.Object) int32 {
	kind, flags, constant := "", int32(0), int32(-1)
	switch object := object.(type) {
	case *types2.Var:
		kind, flags = "Var", flagField*flag(object.IsField())|flagEmbedded*flag(object.IsField() && object.Embedded())
	case *types2.Const:
		kind, constant = "Const", t.texts.row(constantText(object.Val()))
	case *types2.TypeName:
		kind, flags = "TypeName", flagAlias*flag(object.IsAlias())
	case *types2.Func:
		kind = "Func"
	case *types2.PkgName:
		kind = "PkgName"
	case *types2.Label:
		kind = "Label"
	case *types2.Builtin:
		kind = "Builtin"
	case *types2.Nil:
		kind = "Nil"
	}
	pos, file := object.Pos(), ""
	if base := pos.FileBase(); base != nil {
		file = base.Filename()
	}
	typ, pkg := int32(-1), ""
	if object.Type() != nil && kind != "PkgName" && kind != "Builtin" {
		typ = t.typeText(object.Type())
	}
	if object.Pkg() != nil {
		pkg = object.Pkg().Path()
	}
	row := t.objects.add(t.texts.row(kind), t.texts.row(object.Name()), typ, t.texts.row(file), small(pos.Line()),
		small(pos.Col()), t.texts.row(pkg), -1, flag(object.Exported()), constant, flags, -1)
	t.objectRow[object] = row
	t.order = append(t.order, object)
	return row
}

// isParameter tells whether a defining name stands in the parameters, results or receiver of a function.
func (t *typed) isParameter(node int32) bool {
	cells := t.nodes.cells
	field := cells[0][node]
	if field < 0 || cells[2][node] != t.texts.row("Name") {
		return false
	}
	switch cells[2][field] {
	case t.texts.row("ParamList"), t.texts.row("ResultList"), t.texts.row("Recv"):
		return true
	}
	return false
}

func (t *typed) selection(n *syntax.SelectorExpr, row int32) {
	selection := t.checked.info.Selections[n]
	if selection == nil {
		return
	}
	kind := "field"
	switch selection.Kind() {
	case types2.MethodVal:
		kind = "method"
	case types2.MethodExpr:
		kind = "method expression"
	}
	var path []string
	for _, step := range selection.Index() {
		path = append(path, strconv.Itoa(step))
	}
	t.selections.add(row, t.texts.row(kind), t.typeText(selection.Recv()),
		t.texts.row(strings.Join(path, ",")), flag(selection.Indirect()))
}

func (t *typed) instance(instance types2.Instance, row int32) {
	var arguments []string
	for i := 0; i < instance.TypeArgs.Len(); i++ {
		arguments = append(arguments, types2.TypeString(instance.TypeArgs.At(i), t.qualifier))
	}
	t.instances.add(row, t.texts.row(strings.Join(arguments, ", ")), t.typeText(instance.Type))
}

// finish fills in what is known only after the walk: in which scope an object lives, where scopes lie.
func (t *typed) finish() {
	for row, object := range t.order {
		if scope, ok := t.scopeRow[object.Parent()]; ok && object.Parent() != nil {
			t.objects.cells[columnParent][row] = scope
		}
	}
	for row, node := range t.scopeNode {
		if node >= 0 {
			t.scopes.cells[3][row] = t.nodes.cells[columnStart][node]
			t.scopes.cells[4][row] = t.nodes.cells[columnEnd][node]
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

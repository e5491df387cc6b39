package main

import (
	"go/ast"
	"go/types"
	"strings"
)

const code = "LAB0001: "

// findings calls report for every type assertion of the files that always panics because a
// conversion to any has hidden the type of its operand.
func findings(files []*ast.File, info *types.Info, report func(at ast.Node, from, to types.Type)) {
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			assertion, ok := n.(*ast.TypeAssertExpr)
			if !ok || assertion.Type == nil { // x.(type)
				return true
			}
			from, ok := hiddenType(assertion.X, info)
			to := info.TypeOf(assertion.Type)
			if !ok || to == nil || !neverIs(from, to) {
				return true
			}
			// v, ok := x.(T) does not panic; the checker gives it two types.
			if _, commaOk := info.TypeOf(assertion).(*types.Tuple); !commaOk {
				report(assertion, from, to)
			}
			return true
		})
	}
}

// hiddenType gives the static type of v where x is a conversion any(v), which hides it.
func hiddenType(x ast.Expr, info *types.Info) (types.Type, bool) {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !info.Types[call.Fun].IsType() {
		return nil, false
	}
	name, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || name.Name != "any" || !types.Identical(info.TypeOf(name), types.Universe.Lookup("any").Type()) {
		return nil, false
	}
	from := info.TypeOf(call.Args[0])
	return from, from != nil
}

// message fills the types into the reader's text, as the compiler writes them.
func message(text string, pkg *types.Package, from, to types.Type) string {
	short := func(p *types.Package) string {
		if p == pkg {
			return ""
		}
		return p.Name()
	}
	return code + strings.NewReplacer(
		"{from}", types.TypeString(from, short), "{to}", types.TypeString(to, short),
	).Replace(text)
}

package types2

import "cmd/compile/internal/syntax"

// hiddenType gives the static type of v where x is a conversion such as any(v), which hides it.
func hiddenType(x syntax.Expr) (Type, bool) {
	call, ok := syntax.Unparen(x).(*syntax.CallExpr)
	if !ok || len(call.ArgList) != 1 || !call.Fun.GetTypeInfo().IsType() {
		return nil, false
	}
	to, ok := call.Fun.GetTypeInfo().Type.(Type)
	if !ok || !hides(syntax.Unparen(call.Fun), to) {
		return nil, false
	}
	from, ok := call.ArgList[0].GetTypeInfo().Type.(Type)
	return from, ok
}

// isName reports whether an expression is that very name.
func isName(x syntax.Expr, name string) bool {
	id, ok := x.(*syntax.Name)
	return ok && id.Value == name
}

// hides reports whether a conversion hides the type of its operand: fun is what stands before the
// parenthesis, to is the type it names.
func hides(fun syntax.Expr, to Type) bool {
	return /*line condition.go:1:1*/CONDITION
}

package main

import "go/ast"

var chanWords = map[ast.ChanDir]string{
	ast.SEND: "chan<-", ast.RECV: "<-chan", ast.SEND | ast.RECV: "chan",
}

// expr adds the rows of an expression or a type. A nil one adds none.
func (w *walker) expr(to place, e ast.Expr) {
	if e == nil {
		return
	}
	at := w.at(e)
	node := func(kind, text string) int32 { return w.row(to, kind, at, e, text, e) }
	switch e := e.(type) {
	case *ast.BadExpr:
		node("BadExpr", "")
	case *ast.Ident:
		w.facts.name(node("Name", e.Name), e)
	case *ast.BasicLit:
		node("BasicLit", e.Value)
	case *ast.CompositeLit:
		row := node("CompositeLit", "")
		w.expr(under(row, "Type"), e.Type)
		w.exprs(row, "ElemList", e.Elts)
	case *ast.KeyValueExpr:
		row := node("KeyValueExpr", "")
		w.expr(under(row, "Key"), e.Key)
		w.expr(under(row, "Value"), e.Value)
	case *ast.FuncLit:
		row := node("FuncLit", "")
		w.signature(under(row, "Type"), e.Type, e.Type.Params.Pos(), e.Type)
		w.block(under(row, "Body"), e.Body)
	case *ast.ParenExpr:
		row := node("ParenExpr", "")
		w.expr(under(row, "X"), e.X)
	case *ast.SelectorExpr:
		row := node("SelectorExpr", "")
		w.facts.selection(row, e)
		w.expr(under(row, "X"), e.X)
		w.expr(under(row, "Sel"), e.Sel)
	case *ast.IndexExpr:
		row := node("IndexExpr", "")
		w.expr(under(row, "X"), e.X)
		w.expr(under(row, "Index"), e.Index)
	case *ast.IndexListExpr:
		row := node("IndexExpr", "")
		w.expr(under(row, "X"), e.X)
		w.list(under(row, "Index"), e.Indices)
	case *ast.SliceExpr:
		row := node("SliceExpr", "")
		w.expr(under(row, "X"), e.X)
		w.exprs(row, "Index", []ast.Expr{e.Low, e.High, e.Max})
	case *ast.TypeAssertExpr:
		if e.Type == nil {
			row := node("TypeSwitchGuard", "")
			w.expr(under(row, "X"), e.X)
			return
		}
		row := node("AssertExpr", "")
		w.expr(under(row, "X"), e.X)
		w.expr(under(row, "Type"), e.Type)
	case *ast.StarExpr:
		row := node("Operation", "*")
		w.expr(under(row, "X"), e.X)
	case *ast.UnaryExpr:
		row := node("Operation", e.Op.String())
		w.expr(under(row, "X"), e.X)
	case *ast.BinaryExpr:
		row := node("Operation", e.Op.String())
		w.expr(under(row, "X"), e.X)
		w.expr(under(row, "Y"), e.Y)
	case *ast.CallExpr:
		text := ""
		if e.Ellipsis.IsValid() {
			text = "..."
		}
		row := node("CallExpr", text)
		w.expr(under(row, "Fun"), e.Fun)
		w.exprs(row, "ArgList", e.Args)
	default:
		w.typeExpr(to, e)
	}
}

func (w *walker) typeExpr(to place, e ast.Expr) {
	at := w.at(e)
	node := func(kind, text string) int32 { return w.row(to, kind, at, e, text, e) }
	switch e := e.(type) {
	case *ast.ArrayType:
		if e.Len == nil {
			row := node("SliceType", "")
			w.expr(under(row, "Elem"), e.Elt)
			return
		}
		row := node("ArrayType", "")
		if _, open := e.Len.(*ast.Ellipsis); !open {
			w.expr(under(row, "Len"), e.Len)
		}
		w.expr(under(row, "Elem"), e.Elt)
	case *ast.Ellipsis:
		row := node("DotsType", "")
		w.expr(under(row, "Elem"), e.Elt)
	case *ast.StructType:
		w.fields(node("StructType", ""), "FieldList", e.Fields)
	case *ast.InterfaceType:
		w.fields(node("InterfaceType", ""), "MethodList", e.Methods)
	case *ast.FuncType:
		w.signature(to, e, at, e)
	case *ast.MapType:
		row := node("MapType", "")
		w.expr(under(row, "Key"), e.Key)
		w.expr(under(row, "Value"), e.Value)
	case *ast.ChanType:
		row := node("ChanType", chanWords[e.Dir])
		w.expr(under(row, "Elem"), e.Value)
	}
}

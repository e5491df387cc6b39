package main

import (
	"go/ast"
	"go/token"
)

// stmt adds the rows of a statement. A nil one adds none.
func (w *walker) stmt(to place, s ast.Stmt) {
	if s == nil {
		return
	}
	node := func(kind string, at token.Pos, text string) int32 { return w.row(to, kind, at, s, text, nil) }
	switch s := s.(type) {
	case *ast.EmptyStmt:
		if !s.Implicit {
			node("EmptyStmt", s.Semicolon, "")
		}
	case *ast.DeclStmt:
		row := node("DeclStmt", s.Pos(), "")
		w.declarations(row, []ast.Decl{s.Decl})
	case *ast.LabeledStmt:
		row := node("LabeledStmt", s.Colon, "")
		w.expr(under(row, "Label"), s.Label)
		w.stmt(under(row, "Stmt"), s.Stmt)
	case *ast.ExprStmt:
		row := node("ExprStmt", w.at(s.X), "")
		w.expr(under(row, "X"), s.X)
	case *ast.SendStmt:
		row := node("SendStmt", s.Arrow, "")
		w.expr(under(row, "Chan"), s.Chan)
		w.expr(under(row, "Value"), s.Value)
	case *ast.IncDecStmt:
		row := node("AssignStmt", s.TokPos, s.Tok.String())
		w.expr(under(row, "Lhs"), s.X)
	case *ast.AssignStmt:
		row := node("AssignStmt", s.TokPos, s.Tok.String())
		w.list(under(row, "Lhs"), s.Lhs)
		w.list(under(row, "Rhs"), s.Rhs)
	case *ast.GoStmt:
		w.expr(under(node("CallStmt", s.Pos(), "go"), "Call"), s.Call)
	case *ast.DeferStmt:
		w.expr(under(node("CallStmt", s.Pos(), "defer"), "Call"), s.Call)
	case *ast.ReturnStmt:
		w.list(under(node("ReturnStmt", s.Pos(), ""), "Results"), s.Results)
	case *ast.BranchStmt:
		row := node("BranchStmt", s.Pos(), s.Tok.String())
		if s.Label != nil {
			w.expr(under(row, "Label"), s.Label)
		}
	case *ast.BlockStmt:
		w.block(to, s)
	default:
		w.control(to, s)
	}
}

// control adds the statements that hold other statements.
func (w *walker) control(to place, s ast.Stmt) {
	row := func(kind string) int32 { return w.row(to, kind, s.Pos(), s, "", nil) }
	switch s := s.(type) {
	case *ast.IfStmt:
		row := row("IfStmt")
		w.stmt(under(row, "Init"), s.Init)
		w.expr(under(row, "Cond"), s.Cond)
		w.block(under(row, "Then"), s.Body)
		w.stmt(under(row, "Else"), s.Else)
	case *ast.ForStmt:
		row := row("ForStmt")
		w.stmt(under(row, "Init"), s.Init)
		w.expr(under(row, "Cond"), s.Cond)
		w.stmt(under(row, "Post"), s.Post)
		w.block(under(row, "Body"), s.Body)
	case *ast.RangeStmt:
		row := row("ForStmt")
		w.ranging(under(row, "Init"), s)
		w.block(under(row, "Body"), s.Body)
	case *ast.SwitchStmt:
		row := row("SwitchStmt")
		w.stmt(under(row, "Init"), s.Init)
		w.expr(under(row, "Tag"), s.Tag)
		w.clauses(row, s.Body)
	case *ast.TypeSwitchStmt:
		row := row("SwitchStmt")
		w.stmt(under(row, "Init"), s.Init)
		w.guard(under(row, "Tag"), s.Assign)
		w.clauses(row, s.Body)
	case *ast.SelectStmt:
		w.clauses(row("SelectStmt"), s.Body)
	}
}

func (w *walker) ranging(to place, s *ast.RangeStmt) {
	var left []ast.Expr
	start := s.Range
	for _, e := range []ast.Expr{s.Key, s.Value} {
		if e != nil {
			left = append(left, e)
		}
	}
	text := ""
	if len(left) > 0 {
		start, text = left[0].Pos(), s.Tok.String()
	}
	row := w.row(to, "RangeClause", s.Range, span{start, s.X.End()}, text, nil)
	w.list(under(row, "Lhs"), left)
	w.expr(under(row, "X"), s.X)
}

// guard adds `x := y.(type)`, which go/ast keeps as an assignment, as the compiler's TypeSwitchGuard.
func (w *walker) guard(to place, s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		w.expr(to, s.X)
	case *ast.AssignStmt:
		if assert, ok := s.Rhs[0].(*ast.TypeAssertExpr); ok {
			row := w.row(to, "TypeSwitchGuard", w.at(assert), s, "", nil)
			w.expr(under(row, "Lhs"), s.Lhs[0])
			w.expr(under(row, "X"), assert.X)
		}
	}
}

func (w *walker) clauses(parent int32, body *ast.BlockStmt) {
	for i, s := range body.List {
		to := place{parent, "Body", int32(i)}
		switch s := s.(type) {
		case *ast.CaseClause:
			row := w.row(to, "CaseClause", s.Pos(), s, "", nil)
			w.facts.implicit(row, s)
			w.list(under(row, "Cases"), s.List)
			w.stmts(row, "Body", s.Body)
		case *ast.CommClause:
			row := w.row(to, "CommClause", s.Pos(), s, "", nil)
			w.stmt(under(row, "Comm"), s.Comm)
			w.stmts(row, "Body", s.Body)
		}
	}
}

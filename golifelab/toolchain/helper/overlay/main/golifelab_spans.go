// Where a node's bytes start and end. syntax.StartPos and EndPos are approximate: closing brackets and
// leading keywords are missing. The tokens know better.

package main

import (
	"cmd/compile/internal/syntax"
	"reflect"
)

// outline widens the span of a node, which so far covers its position and its children, to all its tokens.
func (w *walker) outline(n syntax.Node, parent, start, end int32) (int32, int32) {
	file := w.file
	at := file.offset(n.Pos().Line(), n.Pos().Col())
	switch n := n.(type) {
	case *syntax.File:
		return 0, int32(len(file.content))

	case *syntax.Name:
		end = at + int32(len(n.Value))
	case *syntax.BasicLit:
		end = at + int32(len(n.Value))
	case *syntax.BranchStmt:
		end = max(end, at+int32(len(n.Tok.String())))
	case *syntax.ReturnStmt:
		end = max(end, at+int32(len("return")))
	case *syntax.AssignStmt:
		if n.Rhs == nil { // x++ and x--
			end = file.after(end, "opop")
		}
	case *syntax.LabeledStmt:
		end = max(end, file.after(w.end(n.Label), ":"))

	case *syntax.ImportDecl:
		start = file.keyword(start, n.Group == nil, "import")
	case *syntax.ConstDecl:
		start = file.keyword(start, n.Group == nil, "const")
	case *syntax.TypeDecl:
		start = file.keyword(start, n.Group == nil, "type")
	case *syntax.VarDecl:
		start = file.keyword(start, n.Group == nil, "var")
	case *syntax.FuncDecl:
		start = file.keyword(start, true, "func")

	case *syntax.ParenExpr:
		end = file.close(at, "(", end)
	case *syntax.CallExpr:
		end = file.close(w.end(n.Fun), "(", end)
	case *syntax.IndexExpr:
		end = file.close(w.end(n.X), "[", end)
	case *syntax.SliceExpr:
		end = file.close(w.end(n.X), "[", end)
	case *syntax.AssertExpr:
		end = file.close(w.end(n.X), "(", end)
	case *syntax.TypeSwitchGuard:
		end = file.close(w.end(n.X), "(", end)
	case *syntax.FuncType:
		start, end = w.signature(n, start, at, end)
	case *syntax.StructType:
		end = file.close(at, "{", end)
	case *syntax.InterfaceType:
		// The constraint in [T int|string] is an interface that nobody wrote.
		if file.kind(file.tokenFrom(at)) == "interface" {
			end = file.close(at, "{", end)
		}
	case *syntax.CompositeLit:
		end = max(end, file.brace(n.Rbrace))
	case *syntax.BlockStmt:
		end = max(end, file.brace(n.Rbrace))
	case *syntax.SwitchStmt:
		end = max(end, file.brace(n.Rbrace))
	case *syntax.SelectStmt:
		end = max(end, file.brace(n.Rbrace))
	case *syntax.CaseClause:
		end = max(end, file.brace(n.Colon))
	case *syntax.CommClause:
		end = max(end, file.brace(n.Colon))
	case *syntax.DeclStmt:
		if next := file.tokenFrom(at + 1); file.kind(next) == "(" {
			end = max(end, file.closers[next])
		}
	}
	return start, min(end, int32(len(file.content)))
}

// signature finds the brackets around parameters and results, and the func before a function type.
func (w *walker) signature(n *syntax.FuncType, start, at, end int32) (int32, int32) {
	file := w.file
	params := file.close(at, "(", at)
	end = max(end, params)
	if len(n.ResultList) > 0 {
		if next := file.tokenFrom(params); file.kind(next) == "(" && file.closers[next] >= end {
			end = file.closers[next]
		}
	}
	return file.keyword(start, true, "func"), end
}

// end gives where the bytes of a node that has its row end.
func (w *walker) end(n syntax.Node) int32 {
	if row, ok := w.rows[reflect.ValueOf(n).UnsafePointer()]; ok {
		return w.nodes.cells[columnEnd][row]
	}
	return 0
}

func (file *sourceFile) kind(token int) string {
	if token < 0 || token >= len(file.kinds) {
		return ""
	}
	return file.kinds[token]
}

// keyword moves a start back over the keyword right before it, if that is what stands there.
func (file *sourceFile) keyword(start int32, wanted bool, word string) int32 {
	if before := file.tokenFrom(start) - 1; wanted && file.kind(before) == word {
		return file.starts[before]
	}
	return start
}

// close gives the end of the bracket that opens at or right after an offset, or else the end known so far.
func (file *sourceFile) close(from int32, bracket string, end int32) int32 {
	for token := file.tokenFrom(from); token < len(file.kinds); token++ {
		if file.kinds[token] == bracket {
			return max(end, file.closers[token])
		}
	}
	return end
}

// after gives the end of the two-byte operator or the colon at or after an offset.
func (file *sourceFile) after(from int32, kind string) int32 {
	token := file.tokenFrom(from)
	if file.kind(token) != kind {
		return from
	}
	if kind == ":" {
		return file.starts[token] + 1
	}
	return file.starts[token] + 2
}

// brace gives the offset after the one-byte token at a position, or 0 when it is missing.
func (file *sourceFile) brace(pos syntax.Pos) int32 {
	if !pos.IsKnown() {
		return 0
	}
	return file.offset(pos.Line(), pos.Col()) + 1
}

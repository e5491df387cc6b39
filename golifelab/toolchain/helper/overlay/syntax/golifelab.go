// Joins package cmd/compile/internal/syntax: lets the helper watch the scanner, which is not exported.

package syntax

// GolifelabToken is a token, or a comment, as the compiler's scanner sees it.
// Lines and columns start at 1; columns count bytes.
type GolifelabToken struct {
	Line, Column       uint
	EndLine, EndColumn uint
	Number             uint8  // the scanner's own number of Kind, 0 for a comment
	Kind               string // "name", "literal", "op", "(", "func" …, or "comment"
	Literal            string // text of names, literals and comments; for ";" what made it
	Operator           string
	LiteralKind        int32 // a LitKind, or -1
	Precedence         int32
}

// GolifelabScan runs the scanner over src to its end. Errors go to errh, as the parser would get them.
func GolifelabScan(src sourceReader, emit func(*GolifelabToken), errh func(line, col uint, msg string)) {
	var s scanner
	var t GolifelabToken
	s.init(src, func(line, col uint, msg string) {
		if len(msg) == 0 || msg[0] != '/' {
			errh(line, col, msg)
			return
		}
		t = GolifelabToken{Line: line, Column: col, Kind: "comment", Literal: msg, LiteralKind: -1}
		t.EndLine, t.EndColumn = s.pos()
		emit(&t)
	}, comments)
	for {
		s.next()
		t = GolifelabToken{Line: s.line, Column: s.col, Number: uint8(s.tok), Kind: s.tok.String(), LiteralKind: -1}
		t.EndLine, t.EndColumn = s.pos()
		switch s.tok {
		case _Name, _Semi:
			t.Literal = s.lit
		case _Literal:
			t.Literal, t.LiteralKind = s.lit, int32(s.kind)
		case _Operator, _AssignOp, _IncOp:
			t.Operator, t.Precedence = s.op.String(), int32(s.prec)
		case _Star:
			t.Operator, t.Precedence = Mul.String(), precMul
		}
		emit(&t)
		if s.tok == _EOF {
			return
		}
	}
}

type sourceReader interface{ Read([]byte) (int, error) }

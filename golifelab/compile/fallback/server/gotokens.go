package main

import (
	"go/scanner"
	"go/token"
)

// tokenName gives the name under which go/token exports a token: "ADD" for "+".
func tokenName(tok token.Token, goroot string) string {
	for _, c := range constants(goroot, goTokenFile) {
		if c.number == int64(tok) && token.IsExported(c.name) {
			return c.name
		}
	}
	return tok.String() // without Go's source there are no names
}

func goTokenTable(r *reply) *table {
	return r.table("go_tokens", "file", "start", "end", "line", "column", "name*", "number", "literal*", "automatic")
}

// goTokens fills the table of go/scanner's tokens, in go/token's own words and numbers.
func goTokens(r *reply, t *table, req *request, files []file) {
	names := map[token.Token]int32{}
	for i, f := range files {
		lines := linesOf(f.text)
		handle := token.NewFileSet().AddFile(f.name, -1, len(f.text))
		var s scanner.Scanner
		s.Init(handle, f.text, func(at token.Position, message string) {
			line, column := lineAndColumn(lines, at.Offset)
			r.errors.add(r.str(f.name), line, column, r.str(message), -1, r.str("scan"), 0)
		}, scanner.ScanComments)
		for {
			pos, tok, lit := s.Scan()
			first := min(handle.Offset(pos), len(f.text))
			last := endOfToken(f.text, first, tok, lit)
			automatic := tok == token.SEMICOLON && lit == "\n"
			if tok == token.EOF || automatic && first == len(f.text) {
				last = first
			}
			name, ok := names[tok]
			if !ok {
				name = r.str(tokenName(tok, req.GOROOT))
				names[tok] = name
			}
			line, column := lineAndColumn(lines, first)
			t.add(int32(i), int32(first), int32(min(last, len(f.text))), line, column, name, int32(tok),
				r.str(lit), flag(automatic))
			if tok == token.EOF {
				break
			}
		}
	}
}

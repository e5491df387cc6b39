package main

import (
	"go/scanner"
	"go/token"
	"slices"
	"sort"
	"unicode/utf8"
)

// scan fills the token table with the words of cmd/compile's scanner.
func scan(r *reply, files []file) {
	for i, f := range files {
		lines := linesOf(f.text)
		fset := token.NewFileSet()
		handle := fset.AddFile(f.name, -1, len(f.text))
		var s scanner.Scanner
		complain := func(at token.Position, message string) {
			line, column := lineAndColumn(lines, at.Offset) // not at.Line: that obeys //line
			r.errors.add(r.str(f.name), line, column, r.str(message), -1, r.str("scan"), 0)
		}
		s.Init(handle, f.text, complain, scanner.ScanComments)
		rows := make([][12]int32, 0, len(f.text)/3+16)
		for {
			pos, tok, lit := s.Scan()
			start := fset.PositionFor(pos, false)
			first, last := start.Offset, endOfToken(f.text, start.Offset, tok, lit)
			kind, literal, literalKind, operator, precedence := describe(tok, lit)
			switch {
			case tok == token.EOF:
				first, last = len(f.text), len(f.text)
			case tok == token.SEMICOLON && lit == "\n" && first >= len(f.text):
				literal, last = "EOF", first
			}
			line, column := lineAndColumn(lines, first)
			endLine, endColumn := lineAndColumn(lines, last)
			rows = append(rows, [...]int32{int32(i), int32(first), int32(last), line, column,
				endLine, endColumn, r.str(kind), r.str(literal), literalKind, r.str(operator), precedence})
			if tok == token.EOF {
				break
			}
		}
		byStart := func(a, b [12]int32) int { return int(a[1] - b[1]) }
		if !slices.IsSortedFunc(rows, byStart) {
			slices.SortStableFunc(rows, byStart)
		}
		for _, row := range rows {
			r.tokens.add(row[:]...)
		}
	}
}

// linesOf gives where the lines start. go/token has no line after a newline that ends the file.
func linesOf(text []byte) []int {
	lines := []int{0}
	for i, c := range text {
		if c == '\n' {
			lines = append(lines, i+1)
		}
	}
	return lines
}

func lineAndColumn(lines []int, offset int) (line, column int32) {
	i := sort.SearchInts(lines, offset+1) - 1
	return int32(i + 1), int32(offset - lines[i] + 1)
}

// endOf walks over the source of a literal from which carriage returns were removed.
func endOf(text []byte, start int, lit string) int {
	at := start
	for i := 0; i < len(lit) && at < len(text); at++ {
		if text[at] == lit[i] {
			i++
		} else if text[at] != '\r' {
			return start + len(lit)
		}
	}
	return at
}

// endOfToken gives the offset behind a token in the source.
func endOfToken(text []byte, start int, tok token.Token, lit string) int {
	switch {
	case tok == token.COMMENT || tok == token.STRING:
		// The scanner leaves carriage returns out of what it reports; the source has them.
		return endOf(text, start, lit)
	case tok == token.ILLEGAL:
		// A byte of no character is reported as a character of three bytes.
		_, width := utf8.DecodeRune(text[start:])
		return start + width
	case lit != "":
		return start + len(lit)
	}
	return start + len(tok.String())
}

var precedences = map[string]int32{}

func init() {
	for tok := token.ADD; tok <= token.TILDE; tok++ {
		if p := tok.Precedence(); p > 0 {
			precedences[tok.String()] = int32(p)
		}
	}
}

// describe translates a go/token token into the compiler's words.
func describe(tok token.Token, lit string) (kind, literal string, literalKind int32, operator string, precedence int32) {
	literalKind = -1
	text := tok.String()
	switch {
	case tok == token.EOF:
		kind = "EOF"
	case tok == token.COMMENT:
		kind, literal = "comment", lit
	case tok == token.IDENT:
		kind, literal = "name", lit
	case tok >= token.INT && tok <= token.STRING:
		kind, literal, literalKind = "literal", lit, int32(tok-token.INT)
	case tok == token.SEMICOLON:
		kind, literal = ";", "semicolon"
		if lit == "\n" {
			literal = "newline"
		}
	case tok == token.INC || tok == token.DEC:
		kind, operator, precedence = "opop", text[:1], precedences[text[:1]]
	case tok >= token.ADD_ASSIGN && tok <= token.AND_NOT_ASSIGN:
		kind, operator = "op=", text[:len(text)-1]
		precedence = precedences[operator]
	case tok == token.MUL:
		kind, operator, precedence = "*", "*", precedences["*"]
	case tok == token.DEFINE, tok == token.ASSIGN, tok == token.ARROW:
		kind = text
	case tok >= token.ADD && tok <= token.GEQ && tok != token.DEFINE || tok == token.TILDE:
		if tok == token.ELLIPSIS {
			kind = text
			break
		}
		kind, operator, precedence = "op", text, precedences[text]
	case tok == token.ILLEGAL:
		kind, literal = "illegal", lit
	default:
		kind = text
	}
	return
}

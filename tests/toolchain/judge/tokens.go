// A judge of the compiler's scanner: the same requests and replies, answered by go/scanner.
// Where the two differ by design (the place of semicolons that comments stand for) it speaks the compiler's way.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"go/scanner"
	"go/token"
	"io"
	"os"
	"sort"
	"strings"
)

type table struct {
	cells [12][]int32
	rows  map[string]int32
	ends  []int32
	data  []byte
}

func (t *table) text(s string) int32 {
	if s == "" {
		return -1
	}
	row, ok := t.rows[s]
	if !ok {
		t.data = append(t.data, s...)
		t.ends = append(t.ends, int32(len(t.data)))
		row = int32(len(t.ends) - 1)
		t.rows[s] = row
	}
	return row
}

type file struct {
	index int32
	src   []byte
	lines []int
	out   *table
}

func (f *file) place(offset int) (line, column int32) {
	n := sort.SearchInts(f.lines, offset+1)
	return int32(n), int32(offset - f.lines[n-1] + 1)
}

func (f *file) emit(start, end int, kind, literal string, literalKind int32, operator string, precedence int) {
	line, column := f.place(start)
	endLine, endColumn := f.place(end)
	row := []int32{f.index, int32(start), int32(end), line, column, endLine, endColumn, f.out.text(kind),
		f.out.text(literal), literalKind, f.out.text(operator), int32(precedence)}
	for i, cell := range row {
		f.out.cells[i] = append(f.out.cells[i], cell)
	}
}

var kinds = map[token.Token]int32{token.INT: 0, token.FLOAT: 1, token.IMAG: 2, token.CHAR: 3, token.STRING: 4}

var compound = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL,
	token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND,
	token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR, token.SHL_ASSIGN: token.SHL,
	token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
}

// raw gives the text of a comment or literal with the carriage returns that go/scanner takes out.
func (f *file) raw(start int, lit string) string {
	rest := f.src[start:]
	until := func(mark string) string {
		if n := bytes.Index(rest[1:], []byte(mark)); n >= 0 {
			rest = rest[:1+n]
		}
		return string(rest)
	}
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		return until("\n")
	case bytes.HasPrefix(rest, []byte("/*")):
		return until("*/") + "*/"
	case rest[0] == '`':
		return until("`") + "`"
	}
	return lit
}

func (f *file) scan() (err error) {
	set := token.NewFileSet()
	handle := set.AddFile("", -1, len(f.src))
	var s scanner.Scanner
	s.Init(handle, f.src, func(pos token.Position, msg string) { err = fmt.Errorf("%v: %s", pos, msg) }, scanner.ScanComments)
	commentStart, commentEnd := 0, 0
	for {
		pos, tok, lit := s.Scan()
		start := handle.Offset(pos)
		switch {
		case tok == token.EOF:
			f.emit(len(f.src), len(f.src), "EOF", "", -1, "", 0)
			return err
		case tok == token.COMMENT:
			text := f.raw(start, lit)
			end := start + len(text)
			f.emit(start, end, "comment", text, -1, "", 0)
			commentStart, commentEnd = start, end
		case tok == token.SEMICOLON && lit == "\n":
			switch {
			case start == len(f.src):
				f.emit(start, start, ";", "EOF", -1, "", 0)
			case start < commentEnd: // a comment of several lines ends the statement: one takes its newline, one all of it
				f.emit(commentStart, commentEnd, ";", "newline", -1, "", 0)
			default:
				f.emit(start, start+1, ";", "newline", -1, "", 0)
			}
		case tok == token.SEMICOLON:
			f.emit(start, start+1, ";", "semicolon", -1, "", 0)
		case tok == token.IDENT:
			f.emit(start, start+len(lit), "name", lit, -1, "", 0)
		case tok.IsLiteral():
			text := f.raw(start, lit)
			f.emit(start, start+len(text), "literal", text, kinds[tok], "", 0)
		case tok == token.MUL:
			f.emit(start, start+1, "*", "", -1, "*", 5)
		case tok == token.INC, tok == token.DEC:
			f.emit(start, start+2, "opop", "", -1, tok.String()[:1], 4)
		case compound[tok] != 0:
			op := compound[tok]
			f.emit(start, start+len(tok.String()), "op=", "", -1, op.String(), op.Precedence())
		case tok == token.NOT, tok == token.TILDE:
			f.emit(start, start+1, "op", "", -1, tok.String(), 0)
		case tok.IsOperator() && tok.Precedence() > 0:
			f.emit(start, start+len(tok.String()), "op", "", -1, tok.String(), tok.Precedence())
		default:
			f.emit(start, start+len(tok.String()), tok.String(), "", -1, "", 0)
		}
	}
}

func main() {
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var request struct {
			Files []struct{ Size int }
		}
		if err := json.Unmarshal(line, &request); err != nil {
			panic(err)
		}
		out := &table{rows: make(map[string]int32)}
		message := ""
		for i, one := range request.Files {
			f := &file{index: int32(i), src: make([]byte, one.Size), lines: []int{0}, out: out}
			if _, err := io.ReadFull(in, f.src); err != nil {
				return
			}
			for at, c := range f.src {
				if c == '\n' {
					f.lines = append(f.lines, at+1)
				}
			}
			if err := f.scan(); err != nil {
				message = err.Error()
			}
		}
		var body []byte
		for _, column := range append(out.cells[:], out.ends) {
			for _, cell := range column {
				body = binary.LittleEndian.AppendUint32(body, uint32(cell))
			}
		}
		body = append(body, out.data...)
		columns := strings.Fields("file start end line column end_line end_column kind literal literal_kind operator precedence")
		header, _ := json.Marshal(map[string]any{
			"tables": []any{map[string]any{"name": "tokens", "rows": len(out.cells[0]), "columns": columns,
				"text": []string{"kind", "literal", "operator"}}},
			"strings": []int{len(out.ends), len(out.data)}, "size": len(body), "error": message,
		})
		os.Stdout.Write(append(append(header, '\n'), body...))
	}
}

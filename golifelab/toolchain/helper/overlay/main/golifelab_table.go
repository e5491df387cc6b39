// Tables of int32 columns with one table of strings: the form in which data leaves the helper.

package main

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// texts numbers strings. The empty string is -1: most cells of most text columns have nothing to say.
type texts struct {
	rows map[string]int32
	ends []int32
	data []byte
}

func newTexts(expected int) *texts { return &texts{rows: make(map[string]int32, expected)} }

func (t *texts) row(s string) int32 {
	if s == "" {
		return -1
	}
	row, ok := t.rows[s]
	if !ok {
		row = t.append(s)
		t.rows[s] = row
	}
	return row
}

// append adds a string without looking for an equal one: for long texts that occur once.
func (t *texts) append(s string) int32 {
	t.data = append(t.data, s...)
	t.ends = append(t.ends, int32(len(t.data)))
	return int32(len(t.ends) - 1)
}

// table is a list of equally long columns; text names the columns that hold rows of texts.
type table struct {
	name    string
	columns []string
	text    []string
	cells   [][]int32
}

func newTable(name string, columns []string, text ...string) *table {
	return &table{name: name, columns: columns, text: text, cells: make([][]int32, len(columns))}
}

// reserve makes room for so many rows, so that growing need not copy.
func (t *table) reserve(rows int) {
	for i := range t.cells {
		t.cells[i] = make([]int32, 0, rows)
	}
}

func (t *table) rows() int32 { return int32(len(t.cells[0])) }

// add appends a row and gives its number.
func (t *table) add(row ...int32) int32 {
	for i, cell := range row {
		t.cells[i] = append(t.cells[i], cell)
	}
	return t.rows() - 1
}

func appendInts(out []byte, values []int32) []byte {
	for _, value := range values {
		out = binary.LittleEndian.AppendUint32(out, uint32(value))
	}
	return out
}

// bytesOf gives the bytes of a column as they are sent: the column's own memory where it has their order.
func bytesOf(values []int32) []byte {
	if len(values) == 0 {
		return nil
	}
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		return appendInts(nil, values)
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&values[0])), 4*len(values))
}

// small fits a number into a cell: what is too large stays recognisably large.
func small[T int | int64 | uint | uint32](n T) int32 {
	if n > math.MaxInt32 {
		return math.MaxInt32
	}
	return int32(n)
}

func flag(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

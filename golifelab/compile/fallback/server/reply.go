package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"strings"
)

// A table is a list of equally long int32 columns. A name that ends in "*" is a text column: it holds
// indices into the string table, -1 for none.
type table struct {
	name    string
	names   []string
	columns [][]int32
}

func (t *table) add(values ...int32) int32 {
	for i, value := range values {
		t.columns[i] = append(t.columns[i], value)
	}
	return int32(len(t.columns[0]) - 1)
}

type reply struct {
	tables                                                        []*table
	tokens, nodes, objects, scopes, selections, instances, errors *table

	index map[string]int32
	ends  []int32
	data  []byte
}

func newReply() *reply {
	r := &reply{index: map[string]int32{}}
	r.tokens = r.table("tokens", "file", "start", "end", "line", "column", "end_line", "end_column",
		"kind*", "literal*", "literal_kind", "operator*", "precedence")
	r.nodes = r.table("nodes", "parent", "kind*", "field*", "index", "file", "line", "column", "start", "end",
		"text*", "type*", "constant*", "object", "mode")
	r.objects = r.table("objects", "kind*", "name*", "type*", "file*", "line", "column", "package*", "parent",
		"exported", "constant*", "flags", "node")
	r.scopes = r.table("scopes", "parent", "node", "file", "start", "end", "names")
	r.selections = r.table("selections", "node", "kind*", "receiver*", "path*", "indirect")
	r.instances = r.table("instances", "node", "arguments*", "type*")
	r.errors = r.table("errors", "file*", "line", "column", "message*", "code*", "phase*", "soft")
	return r
}

func (r *reply) table(name string, columns ...string) *table {
	t := &table{name, columns, make([][]int32, len(columns))}
	r.tables = append(r.tables, t)
	return t
}

// str is the index of a string in the string table, -1 for the empty one.
func (r *reply) str(s string) int32 {
	if s == "" {
		return -1
	}
	if i, ok := r.index[s]; ok {
		return i
	}
	i := int32(len(r.ends))
	r.index[s] = i
	r.data = append(r.data, s...)
	r.ends = append(r.ends, int32(len(r.data)))
	return i
}

func (r *reply) write(w *bufio.Writer) {
	heads := make([]map[string]any, 0, len(r.tables))
	size := 4*len(r.ends) + len(r.data)
	for _, t := range r.tables {
		columns, texts := []string{}, []string{}
		for _, name := range t.names {
			plain, text := strings.CutSuffix(name, "*")
			columns = append(columns, plain)
			if text {
				texts = append(texts, plain)
			}
		}
		rows := len(t.columns[0])
		size += 4 * rows * len(columns)
		heads = append(heads, map[string]any{"name": t.name, "rows": rows, "columns": columns, "text": texts})
	}
	header, _ := json.Marshal(map[string]any{
		"tables": heads, "strings": []int{len(r.ends), len(r.data)}, "size": size, "error": "",
	})
	w.Write(append(header, '\n'))
	for _, t := range r.tables {
		for _, column := range t.columns {
			writeColumn(w, column)
		}
	}
	writeColumn(w, r.ends)
	w.Write(r.data)
}

func writeColumn(w *bufio.Writer, column []int32) {
	block := make([]byte, 0, 4*len(column))
	for _, value := range column {
		block = binary.LittleEndian.AppendUint32(block, uint32(value))
	}
	w.Write(block)
}

// Mode front: a server. One request is a line of JSON and the bytes of the files; one reply is a line
// of JSON and the tables. It ends when its standard input does.

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	maxHeader = 1 << 20
	maxFiles  = 64 << 20
)

type frontRequest struct {
	Package   string `json:"package"`
	Goarch    string `json:"goarch"`
	Lang      string `json:"lang"`
	Importcfg string `json:"importcfg"`
	Only      string `json:"only"` // "tokens": the scanner's part alone
	Files     []struct {
		Name string `json:"name"`
		Size int    `json:"size"`
	} `json:"files"`
}

type frontReply struct {
	Tables  []tableHeader `json:"tables"`
	Strings [2]int        `json:"strings"`
	Size    int           `json:"size"`
	Error   string        `json:"error"`
}

type tableHeader struct {
	Name    string   `json:"name"`
	Rows    int32    `json:"rows"`
	Columns []string `json:"columns"`
	Text    []string `json:"text"`
}

// front is the work on one request.
type front struct {
	request *frontRequest
	sources []*sourceFile
	texts   *texts

	tokens, nodes, objects, scopes, selections, instances, errors, times *table

	extra []*table // of requests for a part

	faults faults
}

func serveFront(in io.Reader, out io.Writer) {
	input := bufio.NewReaderSize(in, 1<<16)
	imports := make(importCache)
	var buffer []byte
	for {
		request, contents, err := readRequest(input)
		if err == io.EOF {
			return
		}
		var body []byte
		reply := frontReply{}
		if err != nil {
			reply.Error = err.Error()
		} else {
			f := newFront(request, contents)
			f.run(imports)
			body = f.encode(&reply, buffer[:0])
			buffer = body
		}
		line, _ := json.Marshal(&reply)
		if _, err := out.Write(append(append(line, '\n'), body...)); err != nil {
			return
		}
	}
}

// readRequest reads one request whole, so that the next one starts where it should. io.EOF means that
// the client is gone, or that its bytes make no sense any more.
func readRequest(in *bufio.Reader) (*frontRequest, [][]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		if err == nil {
			break
		}
		if err != bufio.ErrBufferFull || len(line) > maxHeader {
			return nil, nil, io.EOF
		}
	}
	request := new(frontRequest)
	if err := json.Unmarshal(line, request); err != nil {
		return nil, nil, io.EOF
	}
	total := 0
	for _, file := range request.Files {
		if file.Size < 0 || file.Size > maxFiles-total {
			return nil, nil, io.EOF
		}
		total += file.Size
	}
	data := make([]byte, total)
	if _, err := io.ReadFull(in, data); err != nil {
		return nil, nil, io.EOF
	}
	var contents [][]byte
	for _, file := range request.Files {
		contents = append(contents, data[:file.Size:file.Size])
		data = data[file.Size:]
	}
	if len(contents) == 0 {
		return nil, nil, fmt.Errorf("no files")
	}
	return request, contents, nil
}

func newFront(request *frontRequest, contents [][]byte) *front {
	f := &front{request: request, texts: newTexts()}
	for i, content := range contents {
		f.sources = append(f.sources, newSourceFile(int32(i), request.Files[i].Name, content))
	}
	columns := strings.Fields
	f.tokens = newTable("tokens",
		columns("file start end line column end_line end_column kind literal literal_kind operator precedence"),
		"kind", "literal", "operator")
	f.nodes = newTable("nodes",
		columns("parent kind field index file line column start end text type constant object mode"),
		"kind", "field", "text", "type", "constant")
	f.objects = newTable("objects",
		columns("kind name type file line column package parent exported constant flags node"),
		"kind", "name", "type", "file", "package", "constant")
	f.scopes = newTable("scopes", columns("parent node file start end names"))
	f.selections = newTable("selections", columns("node kind receiver path indirect"), "kind", "receiver", "path")
	f.instances = newTable("instances", columns("node arguments type"), "arguments", "type")
	f.errors = newTable("errors", columns("file line column message code phase soft"),
		"file", "message", "code", "phase")
	f.times = newTable("times", columns("scan_ns parse_ns check_ns table_ns"))
	return f
}

// run fills the tables. A panic of the compiler's front end is one more row in errors.
func (f *front) run(imports importCache) {
	start := time.Now()
	f.guard("scan", f.scan)
	scanned := time.Now()
	if f.request.Only == "tokens" {
		f.faults.onlyScan()
		f.reportFaults()
		f.times.add(small(scanned.Sub(start).Nanoseconds()), 0, 0, 0)
		return
	}
	f.guard("parse", f.parse)
	parsed := time.Now()
	var checked *checkedPackage
	f.guard("types", func() { checked = f.check(imports) })
	typed := time.Now()
	f.guard("tables", func() {
		switch f.request.Only {
		case "checks", "found", "errors":
		case "methods":
			f.tellMethods(checked)
		default:
			f.walk(checked)
		}
	})
	f.reportFaults()
	f.times.add(small(scanned.Sub(start).Nanoseconds()), small(parsed.Sub(scanned).Nanoseconds()),
		small(typed.Sub(parsed).Nanoseconds()), small(time.Since(typed).Nanoseconds()))
}

func (f *front) guard(phase string, work func()) {
	defer func() {
		if trouble := recover(); trouble != nil {
			f.faults.internal(phase, trouble)
		}
	}()
	work()
}

func (f *front) encode(reply *frontReply, out []byte) []byte {
	all := []*table{f.tokens, f.nodes, f.objects, f.scopes, f.selections, f.instances, f.errors, f.times}
	all = append(all, f.extra...)
	for _, t := range all {
		reply.Tables = append(reply.Tables, tableHeader{t.name, t.rows(), t.columns, t.text})
		for _, column := range t.cells {
			out = appendInts(out, column)
		}
	}
	out = appendInts(out, f.texts.ends)
	out = append(out, f.texts.data...)
	reply.Strings = [2]int{len(f.texts.ends), len(f.texts.data)}
	reply.Size = len(out)
	return out
}

// Mode front: a server. One request is a line of JSON and the bytes of the files; one reply is a line
// of JSON and the tables. It ends when its standard input does.

package main

import (
	"bufio"
	"cmd/compile/internal/noder"
	"cmd/compile/internal/syntax"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
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

	bytes  int
	order  []syntax.Node // by row of nodes
	faults faults

	imports    *importSet
	directives *noder.GolifelabDirectives
}

func serveFront(in io.Reader, out io.Writer) {
	input := bufio.NewReaderSize(in, 1<<16)
	output := bufio.NewWriterSize(out, 1<<16)
	imports := make(importCache)
	// Memory that is never touched, and so never taken: it makes the collector wait for more to collect.
	ballast := make([]byte, 16<<20)
	defer runtime.KeepAlive(ballast)
	for {
		request, contents, err := readRequest(input)
		if err == io.EOF {
			return
		}
		reply := frontReply{}
		if err != nil {
			reply.Error = err.Error()
			sendLine(output, &reply)
			err = output.Flush()
		} else {
			f := newFront(request, contents)
			f.run(imports)
			err = f.send(output, &reply)
		}
		if err != nil {
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
	f := &front{request: request}
	for i, content := range contents {
		f.bytes += len(content)
		f.sources = append(f.sources, newSourceFile(int32(i), request.Files[i].Name, content))
	}
	f.texts = newTexts(f.bytes / bytesPerText)
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
//
// The scanner that makes the tokens runs beside the parser, which has a scanner of its own, and the
// rows of the trees are made while the type checker is at work on them.
func (f *front) run(imports importCache) {
	scanning := f.begin(f.scan)
	if f.request.Only == "tokens" {
		f.join("scan", scanning)
		f.faults.onlyScan()
		f.reportFaults()
		f.times.add(small(scanning.took.Nanoseconds()), 0, 0, 0)
		return
	}
	start := time.Now()
	f.imports = imports.of(f.request.Importcfg, f.request.Package)
	f.guard("parse", f.parse)
	parsed := time.Now()
	walking, walked := (*task)(nil), time.Duration(0)
	if f.request.Only == "" {
		walking = f.begin(func() {
			scanning.wait()
			start := time.Now()
			f.walk()
			walked = time.Since(start)
		})
	} else {
		f.join("scan", scanning)
	}
	checking := time.Now()
	var checked *checkedPackage
	f.guard("types", func() { checked = f.check() })
	typed := time.Now()
	f.join("scan", scanning)
	if walking != nil {
		f.join("tables", walking)
	}
	described := time.Now()
	f.guard("tables", func() {
		switch f.request.Only {
		case "checks", "found", "errors":
		case "methods":
			f.tellMethods(checked)
		default:
			f.describe(checked)
		}
	})
	f.reportFaults()
	f.times.add(small(scanning.took.Nanoseconds()), small(parsed.Sub(start).Nanoseconds()),
		small(typed.Sub(checking).Nanoseconds()), small((walked + time.Since(described)).Nanoseconds()))
}

// task is a piece of work that is done at the same time as others, where that pays.
type task struct {
	done    chan struct{}
	took    time.Duration
	trouble any
}

// A program of so few bytes is done before another thread has awoken.
const smallProgram = 8 << 10

func (f *front) begin(work func()) *task {
	t := &task{done: make(chan struct{})}
	run := func() {
		defer close(t.done)
		start := time.Now()
		defer func() { t.took, t.trouble = time.Since(start), recover() }()
		work()
	}
	if f.bytes <= smallProgram {
		run()
	} else {
		go run()
	}
	return t
}

func (t *task) wait() { <-t.done }

// join waits for a task. A panic of it is one more row in errors.
func (f *front) join(phase string, t *task) {
	t.wait()
	if t.trouble != nil {
		f.faults.internal(phase, t.trouble)
		t.trouble = nil
	}
	if phase == "scan" {
		f.faults.settle()
	}
}

func (f *front) guard(phase string, work func()) {
	defer func() {
		if trouble := recover(); trouble != nil {
			f.faults.internal(phase, trouble)
		}
	}()
	work()
}

// send writes the reply. Columns go out as they lie in memory.
func (f *front) send(out *bufio.Writer, reply *frontReply) error {
	all := []*table{f.tokens, f.nodes, f.objects, f.scopes, f.selections, f.instances, f.errors, f.times}
	all = append(all, f.extra...)
	cells := len(f.texts.ends)
	for _, t := range all {
		reply.Tables = append(reply.Tables, tableHeader{t.name, t.rows(), t.columns, t.text})
		cells += int(t.rows()) * len(t.columns)
	}
	reply.Strings = [2]int{len(f.texts.ends), len(f.texts.data)}
	reply.Size = 4*cells + len(f.texts.data)
	sendLine(out, reply)
	for _, t := range all {
		for _, column := range t.cells {
			out.Write(bytesOf(column))
		}
	}
	out.Write(bytesOf(f.texts.ends))
	out.Write(f.texts.data)
	return out.Flush()
}

func sendLine(out *bufio.Writer, reply *frontReply) {
	line, _ := json.Marshal(reply)
	out.Write(line)
	out.WriteByte('\n')
}

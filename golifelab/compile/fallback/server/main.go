// Command server answers, for one Go package after another, what Go's standard packages go/scanner,
// go/ast and go/types know about it. It stands in for the real compiler's front end where that can't
// be built, and answers in the same tables, with the same words.
//
// A request is one line of JSON and the bytes of the files it names; a reply is one line of JSON and
// int32 columns. See golifelab/toolchain/server.py for the form.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

type request struct {
	Package   string `json:"package"`
	GOARCH    string `json:"goarch"`
	Lang      string `json:"lang"`
	ImportCfg string `json:"importcfg"`
	GOROOT    string `json:"goroot"`
	Only      string `json:"only"`
	Untyped   string `json:"untyped"` // why the type checker is not to be asked
	Files     []struct {
		Name string `json:"name"`
		Size int    `json:"size"`
	} `json:"files"`
}

// A file of the request.
type file struct {
	name string
	text []byte
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var req request
		if err := json.Unmarshal(line, &req); err != nil {
			fmt.Fprintln(os.Stderr, "golifelab: not a request:", err)
			os.Exit(2)
		}
		files := make([]file, 0, len(req.Files))
		for _, entry := range req.Files {
			text := make([]byte, entry.Size)
			if _, err := io.ReadFull(in, text); err != nil {
				return
			}
			files = append(files, file{entry.Name, text})
		}
		answer(&req, files).write(out)
		if out.Flush() != nil {
			return
		}
	}
}

// answer fills the tables. A panic of the standard packages on hostile source is one more error row.
func answer(req *request, files []file) (r *reply) {
	r = newReply()
	times := r.table("times", "scan_ns", "parse_ns", "check_ns", "table_ns")
	defer func() {
		if cause := recover(); cause != nil {
			r.errors.add(r.str(""), 0, 0, r.str(fmt.Sprint(cause)), -1, r.str("internal"), 0)
			times.add(0, 0, 0, 0)
		}
	}()
	start := time.Now()
	switch req.Only {
	case "go": // go/scanner and go/parser in their own words
		tokens := goTokenTable(r)
		nodes, marks := goTreeTables(r)
		goTokens(r, tokens, req, files)
		scanned := time.Now()
		goTrees(r, nodes, marks, files)
		times.add(int32(scanned.Sub(start)), int32(time.Since(scanned)), 0, 0)
		return r
	case "numbers":
		numbers(r, req)
		times.add(0, 0, 0, int32(time.Since(start)))
		return r
	}
	scan(r, files)
	scanned := time.Now()
	if req.Only == "tokens" {
		times.add(int32(scanned.Sub(start)), 0, 0, 0)
		return r
	}
	pkg := parse(r, files)
	parsed := time.Now()
	if req.Only == "checks" || req.Only == "found" {
		pkg.checks = startChecks(r)
	}
	if len(r.errors.columns[0]) == 0 && req.Untyped == "" {
		pkg.check(r, req)
	}
	checked := time.Now()
	switch req.Only {
	case "checks", "found", "errors":
	case "methods":
		tellMethods(r, pkg)
	default:
		pkg.rows(r)
	}
	if req.Untyped != "" {
		r.errors.add(r.str(files[0].name), 0, 0, r.str(req.Untyped), -1, r.str("internal"), 0)
	}
	times.add(int32(scanned.Sub(start)), int32(parsed.Sub(scanned)), int32(checked.Sub(parsed)),
		int32(time.Since(checked)))
	return r
}

// The type checker's own trace, line by line, and which of its functions found an error. The checker
// prints its trace on os.Stdout, where replies go: it is turned into a pipe for as long as it takes.
//
// This file knows neither types2 nor go/types: the server without the compiler is built with it too.

package main

import (
	"bufio"
	"os"
	"path"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// What is kept of a trace. The whole of a large package would fill the memory.
const (
	maxTraceLines = 20_000
	maxTraceBytes = 4 << 20
	maxTraceLine  = 4 << 10
	maxCallers    = 1 << 14
	maxTraceStack = 128 << 20 // printing a type that is not complete may not end
)

// traceMark starts a line that the checker didn't print: the number of an error follows.
const traceMark = "\x00error "

// traceRow is a line of the trace, or the number of an error (else -1) that was found there, or a
// number of lines that were left out there.
type traceRow struct {
	text           string
	found, dropped int32
}

// traceWatch reads what is printed on os.Stdout until it is stopped.
type traceWatch struct {
	stdout, writer *os.File
	maxStack       int
	done           chan struct{}
	rows           []traceRow
	errors         int
}

// watchTrace begins, with bounds where there will be a trace. Where no pipe can be made the trace is lost,
// but replies stay whole.
func watchTrace(traced bool) *traceWatch {
	watch := &traceWatch{stdout: os.Stdout, done: make(chan struct{})}
	if traced {
		watch.maxStack = debug.SetMaxStack(maxTraceStack)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		os.Stdout = nil
		close(watch.done)
		return watch
	}
	watch.writer, os.Stdout = writer, writer
	go watch.read(reader)
	return watch
}

// stop gives os.Stdout back. From then on the rows are complete.
func (watch *traceWatch) stop() {
	if watch.maxStack > 0 {
		debug.SetMaxStack(watch.maxStack)
	}
	os.Stdout = watch.stdout
	if watch.writer != nil {
		watch.writer.Close()
	}
	<-watch.done
}

// mark notes that the next error was found at this place of the trace.
func (watch *traceWatch) mark() {
	if watch.writer != nil {
		watch.writer.WriteString(traceMark + strconv.Itoa(watch.errors) + "\n")
	}
	watch.errors++
}

func (watch *traceWatch) read(reader *os.File) {
	defer close(watch.done)
	defer reader.Close()
	in := bufio.NewReaderSize(reader, 1<<16)
	bytes := 0
	for {
		line, err := in.ReadSlice('\n')
		if len(line) == 0 && err != nil {
			return
		}
		text := string(line[:min(len(line), maxTraceLine)])
		for err == bufio.ErrBufferFull { // the rest of a line beyond all measure
			_, err = in.ReadSlice('\n')
		}
		watch.keep(strings.TrimSuffix(text, "\n"), &bytes)
	}
}

func (watch *traceWatch) keep(text string, bytes *int) {
	if number, ok := strings.CutPrefix(text, traceMark); ok {
		if n, err := strconv.Atoi(number); err == nil {
			watch.rows = append(watch.rows, traceRow{"", int32(n), 0})
			return
		}
	}
	if text == "" { // between the parts
		return
	}
	if len(watch.rows) < maxTraceLines && *bytes < maxTraceBytes {
		*bytes += len(text)
		watch.rows = append(watch.rows, traceRow{text, -1, 0})
		return
	}
	if strings.HasPrefix(text, "== ") && strings.HasSuffix(text, " ==") {
		watch.rows = append(watch.rows, traceRow{text, -1, 0})
		return
	}
	if last := len(watch.rows) - 1; watch.rows[last].dropped > 0 {
		watch.rows[last].dropped++
		return
	}
	watch.rows = append(watch.rows, traceRow{"", -1, 1})
}

// checkerCalls gives the type checker's functions that are at work on this goroutine, from the step of
// checkFiles down. Those that only put an error together are left out.
func checkerCalls() []string {
	pcs := make([]uintptr, maxCallers)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var calls []string
	for {
		frame, more := frames.Next()
		_, name, method := strings.Cut(frame.Function, ".(*Checker).")
		name, _, _ = strings.Cut(name, ".func") // what a function literal does is its function's work
		if name == "checkFiles" || !more {
			break
		}
		if method && path.Base(frame.File) != "errors.go" && (len(calls) == 0 || calls[len(calls)-1] != name) {
			calls = append(calls, name)
		}
	}
	for i, j := 0, len(calls)-1; i < j; i, j = i+1, j-1 {
		calls[i], calls[j] = calls[j], calls[i]
	}
	return calls
}

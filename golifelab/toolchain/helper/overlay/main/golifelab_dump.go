// Mode dump: the compiler compiles as ever, with observers behind every pass and behind the assembler.
//
// The stream is a list of frames, each two int32 (kind, payload bytes) and a payload of int32 words:
//
//	1 head       protocol version, the names of the pass table
//	2 strings    count, end offsets, then the bytes, filled up to a whole word
//	3 positions  count, then eight columns (see positions)
//	4 function   see (*recording).frame
//	5 end        1 when functions are missing because the stream reached its limit
//
// Strings and positions are numbered through the whole stream; a frame only uses numbers sent before.

package main

import (
	"cmd/compile/internal/base"
	"cmd/compile/internal/ssa"
	"cmd/compile/internal/ssagen"
	"cmd/internal/obj"
	"encoding/binary"
	"log"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const protocol = 1

const (
	frameHead = 1 + iota
	frameStrings
	framePositions
	frameFunction
	frameEnd
)

// dump is the stream that is being written. Several functions may be in work at a time, each on a goroutine
// of its own: all but a recording's own machine is used under the lock.
type dump struct {
	sync.Mutex
	file      *os.File
	left      int64 // bytes until the limit
	truncated bool
	wanted    selection
	trees     selection // the functions whose trees are written out: that takes as long as all else together
	passes    bool      // whether values and blocks are recorded

	texts     *texts
	sentTexts int
	sentBytes int
	positions *positions
	names     *names
	working   map[*obj.LSym]*recording
}

// watchCompiler installs the observers. It runs before main, when all tables of the compiler are there.
func watchCompiler(path string) {
	file, err := os.Create(path)
	if err != nil {
		log.Fatal("compile: ", err)
	}
	limit, err := strconv.ParseInt(os.Getenv("GOLIFELAB_LIMIT"), 10, 64)
	if err != nil {
		limit = 512 << 20
	}
	all := newTexts(256)
	d := &dump{file: file, left: limit, texts: all, positions: newPositions(all), names: newNames(all),
		passes: os.Getenv("GOLIFELAB_PASSES") != "0", working: make(map[*obj.LSym]*recording),
		wanted: selected("GOLIFELAB_FUNCTIONS"), trees: selected("GOLIFELAB_IR")}
	ssa.GolifelabWatch(d.begin, d.pass)
	for arch, start := range archInits {
		archInits[arch] = func(info *ssagen.ArchInfo) {
			start(info)
			d.watchGenerator(info)
			d.watchAssembler(info.LinkArch)
		}
	}
	base.AtExit(d.end)
	head := []int32{protocol}
	for _, name := range ssa.GolifelabPasses() {
		head = append(head, all.row(name))
	}
	d.flushTables()
	d.send(frameHead, head, nil)
}

// selection is a set of functions, by their link symbols or their names in the compiler; nil means all.
type selection map[string]bool

// selected reads a list, one name a line, from the environment.
func selected(variable string) selection {
	list, ok := os.LookupEnv(variable)
	if !ok {
		return nil
	}
	chosen := make(selection)
	for _, name := range strings.Split(list, "\n") {
		chosen[name] = true
	}
	return chosen
}

func (s selection) has(symbol *obj.LSym, name string) bool {
	return s == nil || s[symbol.Name] || s[name]
}

func (d *dump) begin(f *ssa.Func) {
	d.Lock()
	defer d.Unlock()
	fn := f.Frontend().Func()
	r := &recording{dump: d, function: f, symbol: fn.LSym, wanted: !d.truncated && d.wanted.has(fn.LSym, f.Name)}
	d.working[fn.LSym] = r
	if r.wanted {
		r.start(fn)
		if d.passes {
			r.pass(-1, 0)
		}
	}
}

func (d *dump) pass(f *ssa.Func, index int, took time.Duration) {
	d.Lock()
	defer d.Unlock()
	if r := d.working[f.Frontend().Func().LSym]; r != nil && r.function == f && r.wanted && d.passes {
		r.pass(int32(index), took)
	}
}

// recorded gives the recording of a function that is in work, or nil for one that is not recorded.
func (d *dump) recorded(symbol *obj.LSym) *recording {
	d.Lock()
	defer d.Unlock()
	if r := d.working[symbol]; r != nil && r.wanted {
		return r
	}
	return nil
}

// finish writes a function whose code is final.
func (d *dump) finish(symbol *obj.LSym) {
	d.Lock()
	defer d.Unlock()
	r := d.working[symbol]
	if r == nil {
		// Compiled without SSA: nothing was seen but the code.
		r = &recording{dump: d, symbol: symbol, wanted: !d.truncated && d.wanted.has(symbol, symbol.Name)}
	}
	words, code := r.frame()
	delete(d.working, symbol)
	d.flushTables()
	d.send(frameFunction, words, code)
	if d.left <= 0 {
		d.truncated = true
	}
}

// flushTables sends the strings and positions that came up since the last time.
func (d *dump) flushTables() {
	if ends := d.texts.ends[d.sentTexts:]; len(ends) > 0 {
		words := append([]int32{int32(len(ends))}, ends...)
		for i := range ends {
			words[i+1] -= int32(d.sentBytes)
		}
		d.send(frameStrings, words, d.texts.data[d.sentBytes:])
		d.sentTexts, d.sentBytes = len(d.texts.ends), len(d.texts.data)
	}
	table := d.positions.table
	if rows := table.rows(); rows > d.positions.sent {
		words := []int32{rows - d.positions.sent}
		for _, column := range table.cells {
			words = append(words, column[d.positions.sent:]...)
		}
		d.positions.sent = rows
		d.send(framePositions, words, nil)
	}
}

// send writes a frame in one piece, so that an early end of the compiler leaves whole frames.
func (d *dump) send(kind int32, words []int32, data []byte) {
	size := 4*len(words) + (len(data)+3)&^3
	out := make([]byte, 0, 8+size)
	out = binary.LittleEndian.AppendUint32(out, uint32(kind))
	out = binary.LittleEndian.AppendUint32(out, uint32(size))
	out = append(appendInts(out, words), data...)
	out = out[:8+size]
	d.left -= int64(len(out))
	if _, err := d.file.Write(out); err != nil {
		d.truncated = true
	}
}

func (d *dump) end() {
	d.Lock()
	defer d.Unlock()
	d.flushTables()
	d.send(frameEnd, []int32{flag(d.truncated)}, nil)
	d.file.Close()
}

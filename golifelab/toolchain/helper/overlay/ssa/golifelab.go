// Joins package cmd/compile/internal/ssa: lets the helper watch the passes and read what is not exported.

package ssa

import "time"

// GolifelabWatch makes the pass table call begin before its first pass and done after each one.
func GolifelabWatch(begin func(*Func), done func(f *Func, pass int, took time.Duration)) {
	for i := range passes {
		pass, run := i, passes[i].fn
		passes[i].fn = func(f *Func) {
			if pass == 0 {
				begin(f)
			}
			start := time.Now()
			run(f)
			done(f, pass, time.Since(start))
		}
	}
}

// GolifelabPasses gives the names of the whole pass table.
func GolifelabPasses() []string {
	names := make([]string, len(passes))
	for i := range passes {
		names[i] = passes[i].name
	}
	return names
}

// GolifelabAux gives what a dump prints between a value's type and its arguments.
func (v *Value) GolifelabAux() string { return v.auxString() }

// GolifelabTemporary gives the scratch register of a value, or nil.
func (f *Func) GolifelabTemporary(id ID) *Register { return f.tempRegs[id] }

// GolifelabLive tells, by ID, which blocks can be reached and which values are live, as dumps mark them.
// Call free afterwards.
func (f *Func) GolifelabLive() (blocks, values []bool, free func()) {
	blocks, values = findlive(f)
	return blocks, values, func() { f.Cache.freeBoolSlice(values) }
}

// From values to instructions: which value or block made which instruction, and what the assembler added.

package main

import (
	"cmd/compile/internal/objw"
	"cmd/compile/internal/ssa"
	"cmd/compile/internal/ssagen"
	"cmd/internal/obj"
	"strings"
)

// machine is what is known of a function's instructions before they have addresses.
type machine struct {
	origin  map[*obj.Prog]int32 // value ID, or minus block ID
	nops    map[*obj.Prog]bool
	emitted map[*obj.Prog]obj.As // there before the assembler went to work, and as what
}

const (
	originNone = iota
	originValue
	originBlock
)

func (d *dump) watchGenerator(info *ssagen.ArchInfo) {
	value, block, nop := info.SSAGenValue, info.SSAGenBlock, info.Ginsnop
	info.SSAGenValue = func(s *ssagen.State, v *ssa.Value) {
		first := s.Pc()
		value(s, v)
		d.made(v.Block.Func, first, s.Pc(), int32(v.ID))
	}
	info.SSAGenBlock = func(s *ssagen.State, b, next *ssa.Block) {
		first := s.Pc()
		block(s, b, next)
		d.made(b.Func, first, s.Pc(), -int32(b.ID))
	}
	info.Ginsnop = func(list *objw.Progs) *obj.Prog {
		p := nop(list)
		if r := d.recorded(list.CurFunc.LSym); r != nil {
			if r.machine.nops == nil {
				r.machine.nops = make(map[*obj.Prog]bool)
			}
			r.machine.nops[p] = true
		}
		return p
	}
}

// made notes who made the instructions from first up to, not including, last.
func (d *dump) made(f *ssa.Func, first, last *obj.Prog, origin int32) {
	if r := d.recorded(f.Frontend().Func().LSym); r != nil {
		for p := first; p != nil && p != last; p = p.Link {
			r.machine.origin[p] = origin
		}
	}
}

// watchAssembler looks at a function before the assembler adds its frame, and when all its bytes are there.
func (d *dump) watchAssembler(arch *obj.LinkArch) {
	preprocess, assemble := arch.Preprocess, arch.Assemble
	arch.Preprocess = func(ctxt *obj.Link, symbol *obj.LSym, more obj.ProgAlloc) {
		if r := d.recorded(symbol); r != nil {
			r.machine.emitted = make(map[*obj.Prog]obj.As)
			for p := symbol.Func().Text; p != nil; p = p.Link {
				r.machine.emitted[p] = p.As
			}
		}
		preprocess(ctxt, symbol, more)
	}
	arch.Assemble = func(ctxt *obj.Link, symbol *obj.LSym, more obj.ProgAlloc) {
		assemble(ctxt, symbol, more)
		if ctxt.Errors == 0 {
			d.finish(symbol)
		}
	}
}

// frame gives the words of a function's frame, and its code:
//
//	symbol, name, abi, type, position, recorded, ir, frame size, argument size, passes, words of all passes,
//	relocations, instructions, bytes of code; then the passes; then six columns of relocations (offset, size,
//	kind, symbol, addend low, addend high) and eleven of instructions (see instructions).
func (r *recording) frame() ([]int32, []byte) {
	texts, symbol := r.dump.texts, r.symbol
	head := []int32{texts.row(symbol.Name), -1, int32(symbol.ABI()), -1, r.position, flag(r.wanted), -1, 0, 0, 0, 0, 0, 0, 0}
	if f := r.function; f != nil {
		head[1], head[3] = texts.row(f.Name), r.typeName(f.Type)
		head[4] = r.dump.positions.row(f.Frontend().Func().Pos())
	}
	if !r.wanted {
		return head, nil
	}
	instructions, relocations := r.instructions(), r.relocations()
	if r.function != nil {
		head[6] = r.ir
	}
	head[7], head[8] = small(symbol.Func().Text.To.Offset), symbol.Func().Args
	head[9], head[10] = r.count, int32(len(r.passes))
	head[11], head[12], head[13] = relocations.rows(), instructions.rows(), int32(len(symbol.P))
	words := append(head, r.passes...)
	for _, t := range [...]*table{relocations, instructions} {
		for _, column := range t.cells {
			words = append(words, column...)
		}
	}
	return words, symbol.P
}

func (r *recording) relocations() *table {
	rows := newTable("relocations", make([]string, 6))
	texts := r.dump.texts
	for i := range r.symbol.R {
		reloc := &r.symbol.R[i]
		target := int32(-1)
		if reloc.Sym != nil {
			target = texts.row(reloc.Sym.Name)
		}
		rows.add(reloc.Off, int32(reloc.Siz), texts.row(reloc.Type.String()), target,
			int32(reloc.Add), int32(reloc.Add>>32))
	}
	return rows
}

// instructions gives the rows pc, size, opcode, text, position, kind of origin, origin, role, mark, call, target.
func (r *recording) instructions() *table {
	rows := newTable("instructions", make([]string, 11))
	texts := r.dump.texts
	roles := r.newRoles()
	for p := r.symbol.Func().Text; p != nil; p = p.Link {
		size := r.size(p)
		kind, origin, role := roles.of(p, size)
		text := p.InstructionString()
		opcode, _, _ := strings.Cut(text, "\t")
		call, target := p.As == obj.ACALL || p.As == obj.ADUFFZERO || p.As == obj.ADUFFCOPY, int32(-1)
		if to := p.To.Target(); !call && p.To.Type == obj.TYPE_BRANCH && to != nil {
			target = small(to.Pc)
		}
		rows.add(small(p.Pc), size, texts.row(opcode), texts.row(text), r.dump.positions.row(p.Pos), kind, origin,
			texts.row(role), int32(p.Pos.Xlogue()), flag(call), target)
	}
	return rows
}

// size gives the bytes of an instruction. Only x86 notes it; elsewhere the next address tells.
func (r *recording) size(p *obj.Prog) int32 {
	if p.Isize != 0 {
		return int32(p.Isize)
	}
	if p.Link != nil {
		return small(p.Link.Pc - p.Pc)
	}
	return small(min(r.symbol.Size-p.Pc, 4)) // what follows the last one is padding or constants
}

// roles says what an instruction is there for when neither a value nor a block made it.
type roles struct {
	*machine
	last  *obj.Prog // the last instruction that a value or a block made
	final *obj.Prog // the last one that the generator made

	begun, past, tail bool  // whether a value or a block has made any, and last and final are behind us
	returning         bool  // within what a RET grew into
	owner             int32 // the origin of the last instruction that has one
}

func (r *recording) newRoles() *roles {
	all := &roles{machine: &r.machine}
	for p := r.symbol.Func().Text; p != nil; p = p.Link {
		if all.origin[p] != 0 {
			all.last = p
		}
		if _, ok := all.emitted[p]; ok {
			all.final = p
		}
	}
	return all
}

func (all *roles) of(p *obj.Prog, size int32) (kind, origin int32, role string) {
	was, emitted := all.emitted[p]
	owner := all.origin[p]
	before := *all
	if owner != 0 {
		all.begun, all.owner = true, owner
	} else if emitted && size > 0 {
		all.owner = 0
	}
	all.past = all.past || p == all.last
	all.tail = all.tail || p == all.final
	if emitted {
		all.returning = was == obj.ARET && p.As != obj.ARET && p.As != obj.AJMP
	} else if p.As == obj.ARET || p.As == obj.AJMP {
		all.returning = false
	}

	kind, origin = originOf(all.owner)
	switch {
	case size == 0:
		kind, origin = originOf(owner)
		return kind, origin, "pseudo"
	case owner > 0:
		return kind, origin, "value"
	case owner < 0:
		return kind, origin, "block"
	case before.returning && !emitted:
		return kind, origin, "epilogue"
	case all.nops[p]:
		return originNone, -1, "nop"
	case before.tail:
		return originNone, -1, "tail"
	case !before.begun:
		return originNone, -1, "prologue"
	case before.past && emitted:
		return originNone, -1, "deferreturn"
	}
	// The assembler needs more than one instruction for what the generator wrote as one.
	return kind, origin, "expansion"
}

func originOf(owner int32) (kind, origin int32) {
	switch {
	case owner > 0:
		return originValue, owner
	case owner < 0:
		return originBlock, -owner
	}
	return originNone, -1
}

// What a pass left behind: the order of blocks and values, and those that differ from the pass before.

package main

import (
	"bytes"
	"cmd/compile/internal/ir"
	"cmd/compile/internal/ssa"
	"cmd/compile/internal/types"
	"cmd/internal/obj"
	"cmd/internal/src"
	"fmt"
	"slices"
	"strings"
	"time"
)

// names numbers the texts that occur most, without writing them out each time.
type names struct {
	*texts
	ops    map[ssa.Op]int32
	kinds  map[ssa.BlockKind]int32
	types  map[*types.Type]int32
	places map[ssa.Location]int32
}

func newNames(all *texts) *names {
	return &names{all, make(map[ssa.Op]int32), make(map[ssa.BlockKind]int32), make(map[*types.Type]int32),
		make(map[ssa.Location]int32)}
}

func remember[K comparable](t *texts, known map[K]int32, key K, text func() string) int32 {
	row, ok := known[key]
	if !ok {
		row = t.row(text())
		known[key] = row
	}
	return row
}

// location names a place; lists of places can't be keys of a map.
func (n *names) location(place ssa.Location) int32 {
	switch place := place.(type) {
	case nil:
		return -1
	case *ssa.Register:
		return remember(n.texts, n.places, ssa.Location(place), place.String)
	case ssa.LocalSlot:
		return remember(n.texts, n.places, ssa.Location(place), place.String)
	default:
		return n.row(place.String())
	}
}

// recording is one function on its way through the back end.
type recording struct {
	dump     *dump
	function *ssa.Func
	symbol   *obj.LSym
	wanted   bool
	position int32
	ir       int32
	passes   []int32 // finished records, each preceded by its length
	count    int32

	order  []int32
	slots  []int32
	values []valueState // by value ID
	blocks []blockState // by block ID

	machine machine
}

type valueState struct {
	op        ssa.Op
	typ       *types.Type
	number    int64
	aux       ssa.Aux
	position  src.XPos
	location  int32
	temporary int32
	arguments []int32
	defined   bool
}

type blockState struct {
	kind     ssa.BlockKind
	number   int64
	aux      ssa.Aux
	position src.XPos
	likely   ssa.BranchPrediction
	links    []int32 // controls, successors, predecessors, each with its length before it
	defined  bool
}

// start takes down the function as it is before the first pass.
func (r *recording) start(fn *ir.Func) {
	r.ir = -1
	if r.dump.trees.has(fn.LSym, r.function.Name) {
		var text bytes.Buffer
		ir.FDumpList(&text, "", fn.Body)
		r.ir = r.dump.texts.append(text.String())
	}
	r.position = r.dump.positions.row(fn.Pos())
	r.machine.origin = make(map[*obj.Prog]int32)
}

// pass appends the record of a pass:
//
//	length of the rest, index, ns, and the lengths of: order (-1: as before), values, arguments, blocks,
//	controls, successors, predecessors, slots (-1: as before); then those lists.
//
// order: per block its id (negative when it can't be reached), its number of values, and their ids
// (negative when dead). slots: per named slot its name, its number of values and their ids.
func (r *recording) pass(index int32, took time.Duration) {
	f := r.function
	order := r.newOrder(f)
	values, arguments := r.changedValues(f)
	blocks, controls, successors, predecessors := r.changedBlocks(f)
	slots := r.newSlots(f)
	length := func(list, before []int32) int32 {
		if slices.Equal(list, before) && index >= 0 {
			return -1
		}
		return int32(len(list))
	}
	orderLength, slotLength := length(order, r.order), length(slots, r.slots)

	at := len(r.passes)
	r.passes = append(r.passes, 0, index, small(took.Nanoseconds()), orderLength, values.rows(), int32(len(arguments)),
		blocks.rows(), int32(len(controls)), int32(len(successors)), int32(len(predecessors)), slotLength)
	if orderLength >= 0 {
		r.passes = append(r.passes, order...)
	}
	for _, t := range [...]*table{values, blocks} {
		for _, column := range t.cells {
			r.passes = append(r.passes, column...)
		}
		if t == values {
			r.passes = append(r.passes, arguments...)
		}
	}
	for _, list := range [...][]int32{controls, successors, predecessors} {
		r.passes = append(r.passes, list...)
	}
	if slotLength >= 0 {
		r.passes = append(r.passes, slots...)
	}
	r.passes[at] = int32(len(r.passes) - at - 1)
	r.order, r.slots = order, slots
	r.count++
}

func (r *recording) newOrder(f *ssa.Func) []int32 {
	reachable, live, free := f.GolifelabLive()
	defer free()
	order := make([]int32, 0, len(r.order)+16)
	signed := func(id ssa.ID, good bool) int32 {
		if good {
			return int32(id)
		}
		return -int32(id)
	}
	for _, b := range f.Blocks {
		order = append(order, signed(b.ID, reachable[b.ID]), int32(len(b.Values)))
		for _, v := range b.Values {
			order = append(order, signed(v.ID, live[v.ID]))
		}
	}
	return order
}

var valueColumns = make([]string, 8)

// changedValues gives the rows id, op, type, aux, position, location, temporary, end of its arguments.
func (r *recording) changedValues(f *ssa.Func) (rows *table, arguments []int32) {
	rows = newTable("values", valueColumns)
	names, places := r.dump.names, r.dump.positions
	if missing := f.NumValues() - len(r.values); missing > 0 {
		r.values = append(r.values, make([]valueState, missing)...)
	}
	for _, b := range f.Blocks {
		for _, v := range b.Values {
			now, before := valueState{op: v.Op, typ: v.Type, number: v.AuxInt, aux: v.Aux, position: v.Pos,
				location: -1, temporary: -1, defined: true}, &r.values[v.ID]
			if int(v.ID) < len(f.RegAlloc) {
				now.location = names.location(f.RegAlloc[v.ID])
			}
			if register := f.GolifelabTemporary(v.ID); register != nil {
				now.temporary = names.location(register)
			}
			if now.same(before) && sameArguments(v.Args, before.arguments) {
				continue
			}
			now.arguments = before.arguments[:0]
			for _, a := range v.Args {
				now.arguments = append(now.arguments, idOf(a))
			}
			*before = now
			arguments = append(arguments, now.arguments...)
			aux := v.GolifelabAux()
			if aux != "" && aux[0] == ' ' {
				aux = aux[1:]
			}
			rows.add(int32(v.ID), remember(names.texts, names.ops, v.Op, v.Op.String), r.typeName(v.Type),
				names.row(aux), places.row(v.Pos), now.location, now.temporary, int32(len(arguments)))
		}
	}
	return rows, arguments
}

// idOf gives the id of a value. A pass may leave a gap among the arguments: that is -1.
func idOf(v *ssa.Value) int32 {
	if v == nil {
		return -1
	}
	return int32(v.ID)
}

func (r *recording) typeName(t *types.Type) int32 {
	if t == nil {
		return -1
	}
	return remember(r.dump.texts, r.dump.names.types, t, t.String)
}

func (v *valueState) same(old *valueState) bool {
	return v.op == old.op && v.typ == old.typ && v.number == old.number && v.aux == old.aux &&
		v.position == old.position && v.location == old.location && v.temporary == old.temporary && old.defined
}

func sameArguments(now []*ssa.Value, before []int32) bool {
	if len(now) != len(before) {
		return false
	}
	for i, a := range now {
		if idOf(a) != before[i] {
			return false
		}
	}
	return true
}

var blockColumns = make([]string, 8)

// changedBlocks gives the rows id, kind, aux, likely, position, and the ends of its controls, successors and
// predecessors.
func (r *recording) changedBlocks(f *ssa.Func) (rows *table, controls, successors, predecessors []int32) {
	rows = newTable("blocks", blockColumns)
	texts := r.dump.texts
	if missing := f.NumBlocks() - len(r.blocks); missing > 0 {
		r.blocks = append(r.blocks, make([]blockState, missing)...)
	}
	for _, b := range f.Blocks {
		before := &r.blocks[b.ID]
		now := blockState{kind: b.Kind, number: b.AuxInt, aux: b.Aux, position: b.Pos, likely: b.Likely, defined: true}
		if now.same(before) && sameLinks(b, before.links) {
			continue
		}
		now.links = linksOf(b, before.links[:0])
		*before = now
		for _, c := range b.ControlValues() {
			controls = append(controls, int32(c.ID))
		}
		for _, e := range b.Succs {
			successors = append(successors, int32(e.Block().ID))
		}
		for _, e := range b.Preds {
			predecessors = append(predecessors, int32(e.Block().ID))
		}
		rows.add(int32(b.ID), remember(texts, r.dump.names.kinds, b.Kind, b.Kind.String), texts.row(blockAux(b)),
			int32(b.Likely), r.dump.positions.row(b.Pos),
			int32(len(controls)), int32(len(successors)), int32(len(predecessors)))
	}
	return rows, controls, successors, predecessors
}

// blockAux gives what a dump prints between a block's kind and its controls.
func blockAux(b *ssa.Block) string {
	var parts []string
	if b.Aux != nil {
		parts = append(parts, fmt.Sprintf("{%s}", b.Aux))
	}
	if number := b.AuxIntString(); number != "" {
		parts = append(parts, "["+number+"]")
	}
	return strings.Join(parts, " ")
}

func (b *blockState) same(old *blockState) bool {
	return b.kind == old.kind && b.number == old.number && b.aux == old.aux && b.position == old.position &&
		b.likely == old.likely && old.defined
}

func linksOf(b *ssa.Block, links []int32) []int32 {
	for _, c := range b.ControlValues() {
		links = append(links, int32(c.ID))
	}
	links = append(links, -1)
	for _, e := range b.Succs {
		links = append(links, int32(e.Block().ID))
	}
	links = append(links, -1)
	for _, e := range b.Preds {
		links = append(links, int32(e.Block().ID))
	}
	return links
}

func sameLinks(b *ssa.Block, before []int32) bool {
	var room [16]int32
	return slices.Equal(linksOf(b, room[:0]), before)
}

// newSlots lists which values hold which named variable or part of one.
func (r *recording) newSlots(f *ssa.Func) []int32 {
	slots := make([]int32, 0, len(r.slots))
	for _, slot := range f.Names {
		slots = append(slots, r.dump.names.location(*slot), int32(len(f.NamedValues[*slot])))
		for _, v := range f.NamedValues[*slot] {
			slots = append(slots, int32(v.ID))
		}
	}
	return slots
}

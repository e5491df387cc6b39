// A copy of package runtime that has this file tells, at its milestones, where it stands, and waits
// there until it is let go. Nothing here needs more than the thread's own stack.

package runtime

import (
	"internal/goarch"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

// golifelabRecord is what is written at a milestone, as it lies in memory.
type golifelabRecord struct {
	milestone uint64
	nanotime  uint64
	thread    uint64
	sp        uint64
	g         uint64
	goid      uint64
	m         uint64
	lo        uint64
	hi        uint64
	caller    uint64
	system    uint64
	_         [5]uint64
}

var (
	golifelabStarted bool
	golifelabTurn    uint32
	golifelabTell    int32 = -1
	golifelabWait    int32 = -1
)

// golifelabCall is put before the call of a milestone.
//
//go:nosplit
//go:noinline
func golifelabCall(milestone uint64) {
	golifelabPassed(milestone, sys.GetCallerPC(), sys.GetCallerSP())
}

// golifelabPassed is put at the beginning of a milestone. A function's stack pointer at its first
// instruction is below its caller's by the return address, where the processor pushes that.
//
//go:nosplit
//go:noinline
func golifelabPassed(milestone uint64, caller, sp uintptr) {
	if !golifelabStarted {
		golifelabStarted = true
		golifelabFind()
	}
	if golifelabTell < 0 {
		return
	}
	if goarch.MinFrameSize == 0 {
		sp -= goarch.PtrSize
	}
	gp := getg()
	r := golifelabRecord{
		milestone: milestone,
		nanotime:  uint64(nanotime()),
		thread:    uint64(gettid()),
		sp:        uint64(sp),
		g:         uint64(uintptr(unsafe.Pointer(gp))),
		goid:      uint64(gp.goid),
		m:         uint64(uintptr(unsafe.Pointer(gp.m))),
		lo:        uint64(gp.stack.lo),
		hi:        uint64(gp.stack.hi),
		caller:    uint64(caller),
	}
	if gp == gp.m.g0 {
		r.system = 1
	}
	// One at a time: what lets a thread go is not to be taken by another.
	for !atomic.Cas(&golifelabTurn, 0, 1) {
		usleep(10)
	}
	write1(uintptr(golifelabTell), unsafe.Pointer(&r), int32(unsafe.Sizeof(r)))
	var let byte
	for read(golifelabWait, noescape(unsafe.Pointer(&let)), 1) == -4 { // EINTR
	}
	atomic.Store(&golifelabTurn, 0)
}

// golifelabFind takes the variable GOLIFELAB_HOLD, two descriptors "7,9", out of the environment.
//
//go:nosplit
func golifelabFind() {
	const name = "GOLIFELAB_HOLD="
	if argv == nil {
		return
	}
	for at := argc + 1; ; at++ {
		variable := argv_index(argv, at)
		if variable == nil {
			return
		}
		place := unsafe.Pointer(variable)
		same := true
		for i := 0; i < len(name) && same; i++ {
			same = *(*byte)(add(place, uintptr(i))) == name[i]
		}
		if !same {
			continue
		}
		numbers := [2]int32{}
		which := 0
		for i := uintptr(len(name)); *(*byte)(add(place, i)) != 0; i++ {
			if digit := *(*byte)(add(place, i)); digit == ',' {
				which = 1
			} else {
				numbers[which] = numbers[which]*10 + int32(digit-'0')
			}
		}
		golifelabTell, golifelabWait = numbers[0], numbers[1]
		slot := (*[1 << 16]uintptr)(add(unsafe.Pointer(argv), uintptr(at)*goarch.PtrSize))
		for i := 0; slot[i] != 0; i++ {
			slot[i] = slot[i+1]
		}
		return
	}
}

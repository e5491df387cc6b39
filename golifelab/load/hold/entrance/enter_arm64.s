#include "textflag.h"

TEXT ·enter(SB), NOSPLIT|NOFRAME, $0
	MOVD	RSP, R19		// argc, argv, 0, environment, 0
	MOVD	$167, R8		// prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
	MOVD	$1, R0
	MOVD	$9, R1
	MOVD	$0, R2
	MOVD	$0, R3
	MOVD	$0, R4
	SVC
	MOVD	$173, R8		// getppid()
	SVC
	MOVD	24(R19), R1		// the parent's id, in decimal
	MOVD	$0, R2
	MOVD	$10, R3
digit:
	MOVBU	(R1), R4
	CBZ	R4, number
	MUL	R3, R2
	SUB	$48, R4
	ADD	R4, R2
	ADD	$1, R1
	B	digit
number:
	CMP	R2, R0			// it died before its death could be asked for
	BNE	lost
	MOVD	16(R19), R1
	MOVBU	(R1), R4
	CMP	$115, R4		// 's'
	BNE	trace
	MOVD	$172, R8		// getpid()
	SVC
	MOVD	$129, R8		// kill(itself, SIGSTOP)
	MOVD	$19, R1
	SVC
	B	become
trace:
	CMP	$116, R4		// 't'
	BNE	become
	MOVD	$117, R8		// ptrace(PTRACE_TRACEME, 0, 0, 0)
	MOVD	$0, R0
	MOVD	$0, R1
	MOVD	$0, R2
	MOVD	$0, R3
	SVC
	CBZ	R0, become
	MOVD	$213, R0		// refused
	B	leave
become:
	MOVD	(R19), R4
	ADD	$16, R19, R2
	ADD	R4<<3, R2		// the environment
	MOVD	32(R19), R0		// the path
	ADD	$40, R19, R1		// its arguments
	MOVD	$221, R8		// execve
	SVC
lost:
	MOVD	$214, R0		// not started
leave:
	MOVD	$94, R8			// exit_group
	SVC
	UNDEF

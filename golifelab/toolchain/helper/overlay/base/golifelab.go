// Joins package cmd/compile/internal/base: the compiler's errors, which it prints and does not give away.

package base

import (
	"cmd/internal/obj"
	"cmd/internal/src"
	"strings"
)

// GolifelabBegin prepares for code that reports errors about a package, as if its compilation began.
func GolifelabBegin(path string, standard, runtime bool) {
	Ctxt = &obj.Link{Pkgpath: path}
	Flag.Std, Flag.CompilingRuntime = standard, runtime
	Flag.LowerE = 1 // ten errors are not too many
	golifelabForget()
}

// GolifelabErrors gives the errors so far, and forgets them.
func GolifelabErrors(report func(pos src.Pos, message string)) {
	for _, found := range errorMsgs {
		message := strings.TrimPrefix(found.msg, FmtPos(found.pos)+": ")
		report(Ctxt.PosTable.Pos(found.pos), strings.TrimSuffix(message, "\n"))
	}
	golifelabForget()
}

func golifelabForget() {
	errorMsgs, numErrors, numSyntaxErrors = nil, 0, 0
	lasterror.syntax, lasterror.other, lasterror.msg = src.NoXPos, src.NoXPos, ""
}

// Joins package cmd/compile/internal/noder: it checks one thing about types that types2 leaves to it.

package noder

import (
	"cmd/compile/internal/syntax"
	"cmd/compile/internal/types2"
)

// GolifelabCycles reports the anonymous interfaces that refer to themselves, in files without errors, as
// checkFiles does after type checking.
func GolifelabCycles(files []*syntax.File, report func(pos syntax.Pos)) {
	var finder cycleFinder
	for _, file := range files {
		syntax.Inspect(file, func(n syntax.Node) bool {
			literal, ok := n.(*syntax.InterfaceType)
			if !ok {
				return true
			}
			if typ, ok := types2.Unalias(literal.GetTypeInfo().Type).(*types2.Interface); ok && finder.hasCycle(typ) {
				report(literal.Pos())
				for typ := range finder.cyclic {
					finder.cyclic[typ] = false // one report is enough
				}
			}
			return false
		})
	}
}

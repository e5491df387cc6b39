// Vet with one check, for go vet -vettool=: type assertions that always panic.
package main

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"
)

func main() {
	check := &analysis.Analyzer{
		Name: "laundering",
		Doc:  "find type assertions that always panic because any(v) has hidden the type of v",
	}
	text := check.Flags.String("text", "", "what to say; {from} and {to} are the two types")
	check.Run = func(pass *analysis.Pass) (any, error) {
		findings(pass.Files, pass.TypesInfo, func(at ast.Node, from, to types.Type) {
			pass.ReportRangef(at, "%s", message(*text, pass.Pkg, from, to))
		})
		return nil, nil
	}
	unitchecker.Main(check)
}

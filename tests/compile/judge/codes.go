// A judge of error codes: the constants of internal/types/errors/codes.go, by go/parser and go/types.
// Argument: GOROOT. Each line is a name, a number, and the comment as a quoted string.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
)

func main() {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, os.Args[1]+"/src/internal/types/errors/codes.go", nil, parser.ParseComments)
	if err != nil {
		panic(err)
	}
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object)}
	checker := types.Config{Error: func(error) {}}
	checker.Check("errors", set, []*ast.File{tree}, info)
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, name := range spec.Names {
			if constant, ok := info.Defs[name].(*types.Const); ok && name.Name != "_" {
				fmt.Printf("%s %s %q\n", name.Name, constant.Val(), spec.Doc.Text())
			}
		}
		return true
	})
}

// A judge of the tree of go/ast: what ast.Inspect visits in each file named, one line a node.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for i, name := range os.Args[1:] {
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			panic(err)
		}
		base := set.File(tree.FileStart).Base()
		depth := 0
		ast.Inspect(tree, func(n ast.Node) bool {
			if n == nil {
				depth--
				return false
			}
			kind := fmt.Sprintf("%T", n)[len("*ast."):]
			operator := token.Position{}
			if binary, ok := n.(*ast.BinaryExpr); ok {
				operator = set.PositionFor(binary.OpPos, false)
			}
			fmt.Fprintln(out, i, depth, kind, int(n.Pos())-base, int(n.End())-base, operator.Line, operator.Column)
			depth++
			return true
		})
	}
}

// A judge of the compiler's syntax trees and types: go/parser and go/types say what expressions of a
// package span, and what types they have. Arguments: the importcfg, the package's path, its files.
package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	config, _ := os.ReadFile(os.Args[1])
	exports := make(map[string]string)
	for _, line := range strings.Split(string(config), "\n") {
		if pair, ok := strings.CutPrefix(line, "packagefile "); ok {
			name, file, _ := strings.Cut(pair, "=")
			exports[name] = file
		}
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range os.Args[3:] {
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			panic(err)
		}
		files = append(files, file)
	}
	find := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	info := &types.Info{Types: make(map[ast.Expr]types.TypeAndValue)}
	checker := types.Config{Importer: importer.ForCompiler(set, "gc", find), Error: func(error) {}}
	pkg, _ := checker.Check(os.Args[2], set, files, info)
	qualifier := func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return other.Name()
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for i, file := range files {
		name := filepath.Base(os.Args[3+i])
		ast.Inspect(file, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			kind := ""
			pos := e.Pos()
			switch e := e.(type) {
			case *ast.BinaryExpr:
				kind, pos = "Operation", e.OpPos
			case *ast.CallExpr:
				kind = "CallExpr"
			case *ast.IndexExpr, *ast.IndexListExpr:
				kind = "IndexExpr"
			case *ast.SliceExpr:
				kind = "SliceExpr"
			case *ast.SelectorExpr:
				kind = "SelectorExpr"
			case *ast.CompositeLit:
				kind = "CompositeLit"
			case *ast.FuncLit:
				kind = "FuncLit"
			case *ast.TypeAssertExpr:
				if e.Type != nil {
					kind = "AssertExpr"
				}
			case *ast.StructType:
				kind = "StructType"
			case *ast.MapType:
				kind = "MapType"
			}
			if kind == "" {
				return true
			}
			text := "-"
			if known := info.Types[e]; known.Type != nil && kind == "Operation" {
				text = types.TypeString(known.Type, qualifier)
			}
			at := set.PositionFor(pos, false)
			column := at.Column
			if kind != "Operation" {
				column = 0
			}
			fmt.Fprintf(out, "%s %s %d %d %d %d %s\n", name, kind, set.PositionFor(e.Pos(), false).Offset,
				set.PositionFor(e.End(), false).Offset, at.Line*min(column, 1), column, text)
			return true
		})
	}
}

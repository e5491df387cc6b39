// Command linter finds type assertions that always panic, by Go's standard packages alone.
//
//	linter [-text TEXT] [-importcfg FILE] [-p PATH] FILE...
//
// Without an importcfg, imported packages are read from their sources.
package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"runtime"
	"strings"
)

func main() {
	text := flag.String("text", "", "what to say; {from} and {to} are the two types")
	config := flag.String("importcfg", "", "a file that says where export data is")
	path := flag.String("p", "main", "the package's import path")
	architecture := flag.String("goarch", runtime.GOARCH, "for the sizes of types")
	flag.Parse()

	fset := token.NewFileSet()
	said := 0
	say := func(at token.Pos, words string) {
		fmt.Printf("%s: %s\n", fset.Position(at), words)
		said++
	}

	var files []*ast.File
	for _, name := range flag.Args() {
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution|parser.AllErrors)
		if list, ok := err.(scanner.ErrorList); ok {
			for _, one := range list {
				fmt.Printf("%s: %s\n", one.Pos, one.Msg)
				said++
			}
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		files = append(files, file)
	}
	if said > 0 {
		os.Exit(1)
	}

	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	checker := types.Config{
		Importer: imports(fset, *config),
		Sizes:    types.SizesFor("gc", *architecture),
		Error: func(err error) {
			if found, ok := err.(types.Error); ok {
				say(found.Pos, found.Msg)
			}
		},
	}
	pkg, _ := checker.Check(*path, fset, files, info)
	findings(files, info, func(at ast.Node, from, to types.Type) {
		say(at.Pos(), message(*text, pkg, from, to))
	})
	if said > 0 {
		os.Exit(1)
	}
}

func imports(fset *token.FileSet, config string) types.Importer {
	if config == "" {
		return importer.ForCompiler(fset, "source", nil)
	}
	lines, err := os.ReadFile(config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	files := map[string]string{}
	for _, line := range strings.Split(string(lines), "\n") {
		if pair, ok := strings.CutPrefix(line, "packagefile "); ok {
			path, file, _ := strings.Cut(pair, "=")
			files[path] = file
		}
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		file, ok := files[path]
		if !ok {
			return nil, fmt.Errorf("no export data for %q", path)
		}
		return os.Open(file)
	})
}

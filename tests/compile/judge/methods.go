// A judge of method sets: what types.NewMethodSet says of every named type of a package, and of a pointer
// to it. Arguments: the importcfg, the package's path, its files.
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
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object)}
	checker := types.Config{Importer: importer.ForCompiler(set, "gc", find)}
	pkg, err := checker.Check(os.Args[2], set, files, info)
	if err != nil {
		panic(err)
	}
	qualifier := func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return other.Name()
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, name := range pkg.Scope().Names() {
		object, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || object.IsAlias() {
			continue
		}
		show := func(prefix string, typ types.Type) {
			methods := types.NewMethodSet(typ)
			for i := range methods.Len() {
				method := methods.At(i)
				function := method.Obj().(*types.Func)
				_, pointer := types.Unalias(function.Signature().Recv().Type()).(*types.Pointer)
				fmt.Fprintf(out, "%s%s\t%s\t%s\t%v\t%d\n", prefix, name, function.Name(),
					types.TypeString(function.Type(), qualifier), pointer, len(method.Index()))
			}
		}
		show("", object.Type())
		if !types.IsInterface(object.Type()) {
			show("*", types.NewPointer(object.Type()))
		}
	}
}

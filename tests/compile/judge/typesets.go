// A judge of method sets and interfaces: what types.NewMethodSet says of every named type of a package and
// of a pointer to it ("methods"), or what types.Implements says of each with every interface that the
// package declares ("implements"). Arguments: which of the two, the importcfg, the package's path, its files.
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
	config, _ := os.ReadFile(os.Args[2])
	exports := make(map[string]string)
	for _, line := range strings.Split(string(config), "\n") {
		if pair, ok := strings.CutPrefix(line, "packagefile "); ok {
			name, file, _ := strings.Cut(pair, "=")
			exports[name] = file
		}
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range os.Args[4:] {
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			panic(err)
		}
		files = append(files, file)
	}
	find := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object)}
	checker := types.Config{Importer: importer.ForCompiler(set, "gc", find)}
	pkg, err := checker.Check(os.Args[3], set, files, info)
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
	var names []string
	for _, name := range pkg.Scope().Names() {
		if object, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok && !object.IsAlias() {
			names = append(names, name)
		}
	}
	for _, name := range names {
		typ := pkg.Scope().Lookup(name).Type()
		for prefix, typ := range map[string]types.Type{"": typ, "*": types.NewPointer(typ)} {
			switch {
			case types.IsInterface(pkg.Scope().Lookup(name).Type()) && (prefix != "" || os.Args[1] != "methods"):
			case os.Args[1] == "methods":
				methods := types.NewMethodSet(typ)
				for i := range methods.Len() {
					method := methods.At(i)
					function := method.Obj().(*types.Func)
					_, pointer := types.Unalias(function.Signature().Recv().Type()).(*types.Pointer)
					fmt.Fprintf(out, "%s%s\t%s\t%s\t%v\t%d\n", prefix, name, function.Name(),
						types.TypeString(function.Type(), qualifier), pointer, len(method.Index()))
				}
			default:
				for _, other := range names {
					wanted := pkg.Scope().Lookup(other).Type()
					inner, ok := wanted.Underlying().(*types.Interface)
					if ok && inner.IsMethodSet() && !generic(typ) && !generic(wanted) {
						fmt.Fprintf(out, "%s%s\t%s\t%v\n", prefix, name, other, types.Implements(typ, inner))
					}
				}
			}
		}
	}
}

func generic(typ types.Type) bool {
	if pointer, ok := typ.(*types.Pointer); ok {
		typ = pointer.Elem()
	}
	named, ok := typ.(*types.Named)
	return ok && named.TypeParams().Len() > 0
}

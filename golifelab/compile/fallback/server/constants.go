package main

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

// A named is a constant of Go's own source that stands for a number: an error code, a token.
type named struct {
	kind, name string // the constant's type and name
	number     int64
	comment    string // what stands behind it on its line: stringer's -linecomment makes that its text
}

// constantsOf keeps what was read, by file.
var constantsOf = map[string][]named{}

// constants reads the constants of one file below GOROOT/src, in the order of the source. The go/types
// package counts them, so that no iota is missed; what else is in the file does not matter.
func constants(goroot, name string) []named {
	name = filepath.Join(goroot, "src", filepath.FromSlash(name))
	if known, ok := constantsOf[name]; ok {
		return known
	}
	constantsOf[name] = nil
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Error: func(error) {}, IgnoreFuncBodies: true}
	_, _ = config.Check("constants", fset, []*ast.File{tree}, info)
	var found []named
	for _, declaration := range tree.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			spec := spec.(*ast.ValueSpec)
			for _, id := range spec.Names {
				if c, ok := info.Defs[id].(*types.Const); ok {
					if n, exact := constant.Int64Val(constant.ToInt(c.Val())); exact {
						kind := types.TypeString(c.Type(), func(*types.Package) string { return "" })
						found = append(found, named{kind, id.Name, n, strings.TrimSpace(spec.Comment.Text())})
					}
				}
			}
		}
	}
	constantsOf[name] = found
	return found
}

// The files in which go/token and the compiler number their tokens.
const (
	goTokenFile  = "go/token/token.go"
	compilerFile = "cmd/compile/internal/syntax/tokens.go"
)

// numbers fills the table of all numbered words of both scanners, in the order of their sources.
func numbers(r *reply, req *request) {
	t := r.table("numbers", "from*", "type*", "name*", "number", "text*")
	for _, from := range []string{goTokenFile, compilerFile} {
		for _, c := range constants(req.GOROOT, from) {
			text := c.comment
			if from == goTokenFile {
				text = token.Token(c.number).String()
			}
			t.add(r.str(from), r.str(c.kind), r.str(c.name), int32(c.number), r.str(text))
		}
	}
}

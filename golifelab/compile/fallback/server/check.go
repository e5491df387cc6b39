package main

import (
	"errors"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
)

// Packages that were read stay read: the next request for the same importcfg finds them.
var imported = map[string]types.Importer{}

func importerFor(config, arch string) types.Importer {
	key := config + "\n" + arch
	if known, ok := imported[key]; ok {
		return known
	}
	paths := map[string]string{}
	text, _ := os.ReadFile(config)
	for _, line := range strings.Split(string(text), "\n") {
		if entry, ok := strings.CutPrefix(line, "packagefile "); ok {
			if path, name, ok := strings.Cut(entry, "="); ok {
				paths[path] = name
			}
		}
	}
	lookup := func(path string) (io.ReadCloser, error) {
		name, ok := paths[path]
		if !ok {
			return nil, errors.New("could not import " + path + " (file not found)")
		}
		return os.Open(name)
	}
	made := importer.ForCompiler(token.NewFileSet(), "gc", lookup)
	imported[key] = made
	return made
}

// check runs go/types over the package; its errors become rows of the error table.
func (p *pkg) check(r *reply, req *request) {
	p.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{},
		Instances: map[*ast.Ident]types.Instance{},
	}
	var found []types.Error
	config := types.Config{
		Importer:  importerFor(req.ImportCfg, req.GOARCH),
		Sizes:     types.SizesFor("gc", req.GOARCH),
		GoVersion: req.Lang,
		Error: func(err error) {
			// A message that starts with a tab continues the one before it.
			if e, ok := err.(types.Error); ok && !strings.HasPrefix(e.Msg, "\t") {
				found = append(found, e)
			}
		},
	}
	p.types, _ = config.Check(req.Package, p.fset, p.trees, p.info)
	sort.SliceStable(found, func(a, b int) bool { return found[a].Pos < found[b].Pos })
	for _, e := range found {
		at := p.fset.PositionFor(e.Pos, false)
		r.errors.add(r.str(at.Filename), int32(at.Line), int32(at.Column), r.str(e.Msg),
			r.str(codeOf(e, req.GOROOT)), r.str("types"), flag(e.Soft))
	}
}

func flag(set bool) int32 {
	if set {
		return 1
	}
	return 0
}

// codeNames are the names of go/types' error codes, by number.
var codeNames map[int64]string

// codeOf gives the name of an error's code, which go/types keeps to itself: the number is a private
// field, and the names are constants of a package that can only be read as source.
func codeOf(e types.Error, goroot string) string {
	field := reflect.ValueOf(e).FieldByName("go116code")
	if !field.IsValid() || !field.CanInt() {
		return ""
	}
	if codeNames == nil {
		codeNames = map[int64]string{}
		fset := token.NewFileSet()
		name := filepath.Join(goroot, "src", "internal", "types", "errors", "codes.go")
		if tree, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution); err == nil {
			config := types.Config{Error: func(error) {}}
			made, _ := config.Check("errors", fset, []*ast.File{tree}, nil)
			for _, name := range made.Scope().Names() {
				if c, ok := made.Scope().Lookup(name).(*types.Const); ok {
					if n, exact := constant.Int64Val(constant.ToInt(c.Val())); exact {
						codeNames[n] = name
					}
				}
			}
		}
	}
	return codeNames[field.Int()]
}

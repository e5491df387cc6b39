package main

import (
	"errors"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
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
			return nil, errors.New(notImported(path))
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
			e, ok := err.(types.Error)
			if last := len(found) - 1; ok && continues(e) {
				found[last].Msg += p.further(e)
			} else if ok {
				found = append(found, e)
			}
		},
	}
	if p.checks != nil {
		defer p.checks.watch(r, p, req, &config)()
	}
	p.types, _ = config.Check(req.Package, p.fset, p.trees, p.info)
	sort.SliceStable(found, func(a, b int) bool { return found[a].Pos < found[b].Pos })
	for _, e := range found {
		at := p.fset.PositionFor(e.Pos, false)
		r.errors.add(r.str(at.Filename), int32(at.Line), int32(at.Column), r.str(e.Msg),
			r.str(codeOf(e, req.GOROOT)), r.str("types"), flag(e.Soft))
	}
}

// continues says that an error is a further line of the one before it: then its message starts with a tab.
func continues(e types.Error) bool {
	return strings.HasPrefix(e.Msg, "\t")
}

// further gives that line as the compiler would write it.
func (p *pkg) further(e types.Error) string {
	return "\n\t" + p.fset.PositionFor(e.Pos, false).String() + ": " + strings.TrimPrefix(e.Msg, "\t")
}

func flag(set bool) int32 {
	if set {
		return 1
	}
	return 0
}

// codeOf gives the name of an error's code, which go/types keeps to itself: the number is a private
// field, and the names are constants of a package that can only be read as source.
func codeOf(e types.Error, goroot string) string {
	field := reflect.ValueOf(e).FieldByName("go116code")
	if !field.IsValid() || !field.CanInt() {
		return ""
	}
	for _, c := range constants(goroot, "internal/types/errors/codes.go") {
		if c.number == field.Int() {
			return c.name
		}
	}
	return ""
}

// Method sets, asked of the type checker's own look-up. The server without the compiler is built with
// this file too: there, types is go/types.

package main

import (
	types "cmd/compile/internal/types2"
	"sort"
	"strings"
)

// namedRow is a named type that is declared in the package, or an interface that it mentions.
type namedRow struct {
	object                       *types.TypeName
	text, kind, parameters       string
	constraint, local, elsewhere bool
}

// methodRow is a method in the method set of a type (whose place among the named types is named), of a
// pointer to it, or of both. through names the embedded fields or interfaces that it is promoted from.
type methodRow struct {
	named                    int32
	method                   *types.Func
	signature, receiver      string
	through                  []string
	ofValue, ofPointer, star bool
}

type methodFinder struct {
	pkg     *types.Package
	qualify types.Qualifier
	named   []namedRow
	methods []methodRow
}

// findMethods lists the named types of a package with their methods.
func findMethods(pkg *types.Package, info *types.Info, qualify types.Qualifier) *methodFinder {
	finder := &methodFinder{pkg: pkg, qualify: qualify}
	seen := make(map[types.Object]bool)
	for _, object := range info.Defs {
		finder.add(object, seen)
	}
	for _, object := range info.Uses {
		if object.Pkg() != pkg {
			finder.add(object, seen)
		}
	}
	for i := range finder.named {
		finder.find(int32(i), finder.named[i].object.Type())
	}
	return finder
}

func (finder *methodFinder) add(object types.Object, seen map[types.Object]bool) {
	name, ok := object.(*types.TypeName)
	if !ok || seen[object] || name.Name() == "_" || name.Type() == nil {
		return
	}
	seen[object] = true
	elsewhere := name.Pkg() != finder.pkg
	typ := types.Unalias(name.Type())
	if _, isParameter := typ.(*types.TypeParam); isParameter {
		return
	}
	_, isNamed := typ.(*types.Named)
	inner, isInterface := typ.Underlying().(*types.Interface)
	if elsewhere && (!isInterface || inner.Empty()) || name.IsAlias() && (isNamed || !isInterface) {
		return
	}
	row := namedRow{object: name, text: name.Name(), kind: kindOf(typ), elsewhere: elsewhere,
		constraint: isInterface && !inner.IsMethodSet(),
		local:      !elsewhere && name.Parent() != finder.pkg.Scope()}
	if name.Pkg() != nil && elsewhere {
		row.text = name.Pkg().Name() + "." + row.text
	}
	if named, ok := typ.(*types.Named); ok && named.TypeParams().Len() > 0 {
		var names, declared []string
		for i := 0; i < named.TypeParams().Len(); i++ {
			parameter := named.TypeParams().At(i)
			names = append(names, parameter.Obj().Name())
			declared = append(declared, parameter.Obj().Name()+" "+
				types.TypeString(parameter.Constraint(), finder.qualify))
		}
		row.text += "[" + strings.Join(names, ", ") + "]"
		row.parameters = strings.Join(declared, ", ")
	}
	finder.named = append(finder.named, row)
}

// find asks for every method that may be in the method set of a type or of a pointer to it.
func (finder *methodFinder) find(row int32, typ types.Type) {
	candidates := make(map[string]*types.Func)
	collectMethods(typ, candidates, make(map[types.Type]bool), 0)
	ids := make([]string, 0, len(candidates))
	for id := range candidates {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	for _, id := range ids {
		method := candidates[id]
		ofValue, path := finder.lookup(typ, method)
		ofPointer, pointerPath := finder.lookup(types.NewPointer(typ), method)
		found := ofPointer
		if ofValue != nil {
			found = ofValue
		} else {
			path = pointerPath
		}
		if found == nil {
			continue
		}
		entry := methodRow{named: row, method: found, ofValue: ofValue != nil, ofPointer: ofPointer != nil,
			signature: types.TypeString(found.Type(), finder.qualify)}
		if receiver := found.Signature().Recv(); receiver != nil {
			entry.receiver = types.TypeString(receiver.Type(), finder.qualify)
			_, entry.star = types.Unalias(receiver.Type()).(*types.Pointer)
		}
		last, fields := fieldsOf(typ, path)
		entry.through = fields
		if inner, ok := last.Underlying().(*types.Interface); ok {
			// Whose method it is, types2 and go/types say in different ways.
			names := append([]string{types.TypeString(last, finder.qualify)}, finder.via(inner, found, 0)...)
			entry.receiver = names[len(names)-1]
			if last == typ {
				entry.through = names[1:]
			}
		}
		finder.methods = append(finder.methods, entry)
	}
}

func (finder *methodFinder) lookup(typ types.Type, method *types.Func) (*types.Func, []int) {
	object, path, _ := types.LookupFieldOrMethod(typ, false, method.Pkg(), method.Name())
	found, _ := object.(*types.Func)
	return found, path
}

const maxEmbedding = 64

// collectMethods gathers the methods of a type and of everything embedded in it, by their identity:
// unexported names of different packages are different.
func collectMethods(typ types.Type, into map[string]*types.Func, seen map[types.Type]bool, depth int) {
	typ = types.Unalias(typ)
	if pointer, ok := typ.(*types.Pointer); ok {
		typ = types.Unalias(pointer.Elem())
	}
	key := typ
	if named, ok := typ.(*types.Named); ok {
		key = named.Origin() // a generic type may embed ever new instances of itself
	}
	if seen[key] || depth > maxEmbedding {
		return
	}
	seen[key] = true
	if named, ok := typ.(*types.Named); ok {
		for i := 0; i < named.NumMethods(); i++ {
			into[named.Method(i).Id()] = named.Method(i)
		}
	}
	switch under := typ.Underlying().(type) {
	case *types.Interface:
		for i := 0; i < under.NumMethods(); i++ {
			into[under.Method(i).Id()] = under.Method(i)
		}
	case *types.Struct:
		for i := 0; i < under.NumFields(); i++ {
			if field := under.Field(i); field.Embedded() {
				collectMethods(field.Type(), into, seen, depth+1)
			}
		}
	}
}

// fieldsOf gives the names of the embedded fields that an index path leads through, and the last one's type.
func fieldsOf(typ types.Type, path []int) (types.Type, []string) {
	var names []string
	for _, index := range path[:max(len(path)-1, 0)] {
		if pointer, ok := typ.Underlying().(*types.Pointer); ok {
			typ = pointer.Elem()
		}
		outer, ok := typ.Underlying().(*types.Struct)
		if !ok || index >= outer.NumFields() {
			break
		}
		names = append(names, outer.Field(index).Name())
		typ = outer.Field(index).Type()
	}
	return typ, names
}

// via gives the embedded interfaces through which a method comes to an interface.
func (finder *methodFinder) via(outer *types.Interface, method *types.Func, depth int) []string {
	for i := 0; i < outer.NumExplicitMethods(); i++ {
		if outer.ExplicitMethod(i).Id() == method.Id() {
			return nil
		}
	}
	for i := 0; i < outer.NumEmbeddeds() && depth < maxEmbedding; i++ {
		inner, ok := outer.EmbeddedType(i).Underlying().(*types.Interface)
		for j := 0; ok && j < inner.NumMethods(); j++ {
			if inner.Method(j).Id() == method.Id() {
				name := types.TypeString(outer.EmbeddedType(i), finder.qualify)
				return append([]string{name}, finder.via(inner, method, depth+1)...)
			}
		}
	}
	return nil
}

func kindOf(typ types.Type) string {
	switch typ.Underlying().(type) {
	case *types.Basic:
		return "basic"
	case *types.Array:
		return "array"
	case *types.Slice:
		return "slice"
	case *types.Struct:
		return "struct"
	case *types.Pointer:
		return "pointer"
	case *types.Signature:
		return "function"
	case *types.Interface:
		return "interface"
	case *types.Map:
		return "map"
	case *types.Chan:
		return "channel"
	}
	return "other"
}

package main

import "go/types"

// neverIs reports whether a value whose static type is from can never have the type to at run time.
func neverIs(from, to types.Type) bool {
	return !types.IsInterface(from) && !types.IsInterface(to) &&
		closed(from) && closed(to) && !types.Identical(from, to)
}

// closed reports whether t is one type for good: it names no type parameter, which would make it
// another type in every instance, and it is no untyped nil and no mistake.
func closed(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return t.Kind() != types.Invalid && t.Kind() != types.UntypedNil
	case *types.Pointer:
		return closed(t.Elem())
	case *types.Slice:
		return closed(t.Elem())
	case *types.Array:
		return closed(t.Elem())
	case *types.Chan:
		return closed(t.Elem())
	case *types.Map:
		return closed(t.Key()) && closed(t.Elem())
	case *types.Named:
		for i := 0; i < t.TypeArgs().Len(); i++ {
			if !closed(t.TypeArgs().At(i)) {
				return false
			}
		}
		return true
	case *types.Struct:
		for i := 0; i < t.NumFields(); i++ {
			if !closed(t.Field(i).Type()) {
				return false
			}
		}
		return true
	case *types.Tuple:
		for i := 0; i < t.Len(); i++ {
			if !closed(t.At(i).Type()) {
				return false
			}
		}
		return true
	case *types.Signature:
		return closed(t.Params()) && closed(t.Results())
	case *types.Interface:
		for i := 0; i < t.NumMethods(); i++ {
			if !closed(t.Method(i).Type()) {
				return false
			}
		}
		return true
	}
	return false
}

// Why a package can't be imported, said of what the file system would say. The server without the compiler is
// built with this file too.

package main

import "strings"

func notImported(path string) string {
	first, _, _ := strings.Cut(path, "/")
	switch {
	case path == "C":
		return "only cgo can make Go of it, and then go build compiles that"
	case strings.Contains(first, "."):
		return "no module provides package " + path
	}
	return "package " + path + " is not in std"
}

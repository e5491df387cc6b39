// Package main of cmd/compile, observed. These files join the compiler's own; none of its files change.
//
// Without GOLIFELAB in the environment the result is the plain compiler. With GOLIFELAB=front it serves
// tokens, syntax trees and types over its standard streams; with GOLIFELAB=dump it compiles as ever
// and records what each pass and the assembler made in the file $GOLIFELAB_DUMP.

package main

import "os"

func init() {
	switch os.Getenv("GOLIFELAB") {
	case "front":
		serveFront(os.Stdin, os.Stdout)
		os.Exit(0)
	case "dump":
		watchCompiler(os.Getenv("GOLIFELAB_DUMP"))
	}
}

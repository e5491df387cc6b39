package main

import "strings"

// greet is declared here and called in main.go: one package is one unit for the compiler.
func greet(name string) string {
	return "hello, " + strings.ToUpper(name)
}

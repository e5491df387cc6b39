// Command entrance becomes another program, held.
//
// It is linked with -E main.enter: the kernel starts it there, and nothing of Go's runtime runs.
package main

// enter asks to die with its parent, and to be traced if its second argument begins with t; then it
// executes the program. Its arguments are: trace or hold, its parent's process id, the program's
// path, and the program's own arguments. The environment is passed on.
func enter()

func main() { enter() }

// Inits shows in which order a package gets ready: variables that need each other, then the
// functions named init, in the order of the source, then main.
package main

import "fmt"

// The text names total before price and count, but total needs both of them.
var total = show("total", price*count)

var price = show("price", 3)

// Through the function stock, count needs boxes, which is declared last.
var count = show("count", stock())

// The compiler knows these two values: they are in the file, and no code sets them.
var limit = 100
var names = []string{"price", "count"}

var boxes = show("boxes", 7)

func stock() int { return boxes * 2 }

func show(name string, value int) int {
	fmt.Println(name, "=", value)
	return value
}

func init() { fmt.Println("init.0") }

func init() { fmt.Println("init.1") }

func main() { fmt.Println(total, limit, names) }

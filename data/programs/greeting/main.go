package main

import "fmt"

func main() {
	for _, name := range names {
		fmt.Println(greet(name))
	}
}

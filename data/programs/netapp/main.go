package main

import (
	"fmt"
	"net"
)

func main() {
	addresses, err := net.LookupHost("localhost")
	fmt.Println(addresses, err)
}

package main

func main() {
	println("forty", 42)
}

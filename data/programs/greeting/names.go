package main

var names = []string{first, "ken", "rob"}

const first = "robert"

"""Damaged programs: the server survives them, and says what the compiler says."""

from __future__ import annotations

import random

import pytest

from golifelab.source import Source
from golifelab.toolchain.compile import compile_object
from golifelab.toolchain.go import find_go
from golifelab.toolchain.helper import build
from golifelab.toolchain.helper.front import _server as server_of, front

PROGRAM = """package main

import (
	"errors"
	"fmt"
)

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

type list[T any] struct {
	head T
	tail *list[T]
}

func (l *list[T]) push(x T) *list[T] { return &list[T]{x, l} }

func total(shapes ...shape) (sum float64) {
	defer func() { recover() }()
	for i, s := range shapes {
		switch s := s.(type) {
		case square:
			sum += s.side * float64(i)
		default:
			sum += s.area()
		}
	}
	return sum
}

const limit = 1 << 4

func find(words map[string][]int, key string) (int, error) {
	if found, ok := words[key]; ok && len(found) > 0 {
		return found[0] + limit, nil
	}
	return 0, errors.New("no " + key)
}

func main() {
	c := make(chan int, 1)
	go func() { c <- 3 }()
	select {
	case n := <-c:
		fmt.Println(n, total(square{2}, square{3}))
	}
	l := (*list[string])(nil).push("x")
	_, err := find(map[string][]int{"a": {1, 2}}, l.head)
	fmt.Printf("%v %x\\n", err, 'a'+0x1p-2)
}
"""


def damaged(chance: random.Random, tokens) -> str:
    """The program with some tokens removed, exchanged or spoilt."""
    text = bytearray(PROGRAM.encode())
    for _ in range(chance.randint(1, 3)):
        row = chance.randrange(len(tokens) - 1)
        start, end = tokens["start"][row], tokens["end"][row]
        kind = chance.random()
        if kind < 0.5:
            text[start:end] = b" " * (end - start)
        elif kind < 0.8:
            other = chance.randrange(len(tokens) - 1)
            piece = PROGRAM.encode()[tokens["start"][other] : tokens["end"][other]]
            if len(piece) <= end - start:
                text[start:end] = piece.ljust(end - start)
        else:
            text[start : start + 1] = bytes([chance.choice(b"#@$\"`'{}()[]\\;:,.0x\xff\x00")])
    return text.decode("utf-8", "surrogateescape")


def first_ten(diagnostics):
    """The compiler stops after ten; messages of several lines differ in print only."""
    return [str(d).split("\n")[0] for d in diagnostics][:10]


def compare(target, seed: int, count: int) -> None:
    chance = random.Random(seed)
    tokens = front(Source.from_text(PROGRAM), target, only_tokens=True, wait=True).tokens
    server = server_of(build.wait(target), find_go(target.go))
    pid = server.pid
    for _ in range(count):
        source = Source.from_text(damaged(chance, tokens))
        if not set(source.imports()) <= {"errors", "fmt"}:
            continue  # what an unknown import gives is tested by itself
        said = compile_object(source, target).diagnostics
        assert first_ten(front(source, target).diagnostics) == first_ten(said), source.text()
    assert server.pid == pid


@pytest.mark.parametrize("seed", range(3))
def test_errors_of_damaged_programs_are_the_compilers(target, seed):
    compare(target, seed, 40)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_errors_of_many_damaged_programs_are_the_compilers(target, seed):
    compare(target, seed, 100)

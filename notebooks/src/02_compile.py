# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 · Compile: from text to instructions
#
# The compiler reads text, finds the words in it, makes a tree of the words, and finds out what
# every name and expression means. All this is its *front end*, and the first half of this lesson:
# you watch it, break programs in front of it, and in the end you change it. In the second half the
# tree becomes values and blocks, some fifty passes improve them, and what comes out are
# instructions and registers. You can edit there, too, and see at once what changes.
#
# **After this lesson you can**
#
# - say what the scanner hands to the parser, and which semicolons are yours;
# - tell the compiler's own words and trees from those of Go's library, which most tools use;
# - name the phase that finds an error, and say why not an earlier one;
# - predict whether a value fits into an interface, and read the message when it does not;
# - build a Go compiler with a rule of your own in it, without touching a file of Go's;
# - read what the compiler has decided before code is made: what is inlined, what goes to the heap,
#   which checks stay;
# - read a function in SSA form, and say where it has phis and what a pass did to it;
# - get a bounds check out of a loop, and a value off the stack;
# - say which registers carry an argument, and what an instruction writes.
#
# **Time** 200 minutes, in two halves with a break between · **You need**
# [00 Start here](00_start_here.ipynb) · **Better with** [01 The whole life](01_whole_life.ipynb),
# and with graphviz for some pictures and gcc for two comparisons; everything runs without them and
# is then told in words.
#
# Previous: [01 The whole life](01_whole_life.ipynb) · Next: [03 Link](03_link.ipynb)

# %%
from golifelab import Program, claim, exercise, quiz, sample
from golifelab.course.terminal import Terminal

# %% [markdown]
# In section 2.3 you will use a Go compiler that has been changed. Building one takes a minute the
# first time. It can be done while you read, so let us begin now.

# %%
from golifelab.compile.changed.laundering import laundering
from golifelab.course.changed import begin

begin(laundering())

# %% [markdown]
# ---
# ## 2.1 Words: the scanner
#
# Here is a very small program. It has a mistake in it that will be useful.

# %%
from golifelab.widgets import Ribbon

program = Program.from_text("""package main

func main() {
	x := 42 + 1
}
""")
Ribbon(program)

# %% [markdown]
# Above is the text, below are the words that the compiler finds in it: its **tokens**. Move along
# them with the arrow keys; the text follows. Now type. The ribbon changes with every key, even
# where the program makes no sense. Try a line such as `x = 1 +` and look at its end.
#
# ### Whose tokens are these?

# %%
claim("c2.01")

# %% [markdown]
# **Run.** Go has two scanners. One is part of the compiler. The other belongs to the library, in
# `go/scanner` and `go/token`, for tools that read Go. Who uses which can be read in the source that
# came with your Go:

# %%
from golifelab.claims.gosource import go_file

for path in ("cmd/compile/internal/noder/noder.go", "cmd/gofmt/gofmt.go"):
    imports = go_file(path).program.source.imports()
    print(path, "imports", *[name for name in imports if name.startswith(("go/", "cmd/compile"))])

# %% [markdown]
# Now both read line 4:

# %%
from golifelab.compile.gotokens import pair

for ours, theirs in pair(program.tokens, program.go_tokens, "main.go"):
    if ours and theirs and ours.line == 4:
        compiler = f"{ours.kind:8} {ours.operator or ours.literal:9}"
        print(f"{ours.position!s:14} {compiler} go/token: {theirs.name} ({theirs.number})")

# %% [markdown]
# So `INT`, `ADD` and `LPAREN` are the library's words. The compiler says `literal`, and `op` with
# the operator noted beside it.

# %%
claim("c2.01").run()

# %% [markdown]
# ### Does it compile?

# %%
claim("c2.02")

# %% [markdown]
# **Run.** Three lights: scanner, parser, type checker.

# %%
checks = program.checks
for name in ("scan", "parse"):
    print(f"{name:7} {len(checks[name].errors)} errors")
print(f"types   {len(program.errors)} error:", program.errors[0])

# %%
claim("c2.02").run()

# %% [markdown]
# A program can be perfectly readable and still be refused: `x` has a value, and nobody wants it.
# With `x` put to use, all lights are green:

# %%
used = program.edit("42 + 1", "42 + 1\n\tprintln(x)")
print(len(used.errors), "errors in")
print(used.text)

# %% [markdown]
# ### What can be seen with -S?

# %%
claim("c2.03")

# %%
claim("c2.04")

# %% [markdown]
# **Run.** The command as it is recommended, on the program that compiles:

# %%
terminal = Terminal(used)
terminal("go tool compile -p main -S main.go").grep(r"\$43|\tCALL|\tRET")

# %% [markdown]
# Machine instructions, and a 43 that stands nowhere in the text: the sum is done, the `+` is gone.
# Whoever wants to see the scanner at work comes too late here. And the other flag?

# %%
terminal("go tool compile -p main -gcflags=-S main.go").grep("not defined")

# %%
terminal("go build -gcflags=-S -o prog .").grep(r"\$43|\tCALL|\tRET")

# %% [markdown]
# The same listing once more, through the go command. A flag that does print trees is `-W`: the tree
# that the compiler works on later, and it has the 43 already.

# %%
terminal("go tool compile -p main -W main.go").grep("before|LITERAL|PRINTLN")

# %%
claim("c2.03").run()

# %%
claim("c2.04").run()

# %% [markdown]
# Who added 42 and 1, then? Not the scanner and not the optimiser. The type checker did, for it has
# to know whether a constant fits its type:

# %%
sum_node = used.syntax.at(used.locate("4:10"))
print(sum_node.kind, sum_node.text, "→", used.types.of(sum_node).constant)
print(Program.from_text("package main\n\nvar small byte = 200 + 100\n").errors[0])

# %% [markdown]
# ### Where is the scanner?

# %%
claim("c2.05")

# %%
claim("c2.06")

# %% [markdown]
# **Run.** Your Go has brought its compiler's source along. We need not search it by eye: the course
# reads a file of Go's as it reads one of yours.

# %%
from golifelab.claims.gosource import SYNTAX

scanner = go_file(f"{SYNTAX}/scanner.go")
print(scanner.path)
print(" ".join(scanner.methods("scanner")))

# %% [markdown]
# There is no `scan` among them. The method that finds the next token is `next`, and these are the
# functions it leads to:

# %%
print(scanner.header("scanner.next"), "at", scanner.function("scanner.next").place)
print("calls", ", ".join(scanner.function("scanner.next").calls))

# %%
claim("c2.05").run()

# %%
claim("c2.06").run()

# %% [markdown]
# ### Three rows of a table
#
# A table says what three words of our line become: the keyword, the name, the number.

# %%
claim("c2.07")

# %% [markdown]
# **Run.** Both scanners number their tokens, each in its own way:

# %%
from golifelab import Target
from golifelab.compile.numbering import numbering

numbers = numbering(Target())
for word in ("func", "return", "+", "(", "IDENT", "INT"):
    one = numbers.of(word)
    compiler = f"{one.compiler_name} {one.compiler_number} {one.operator}"
    print(f"{word:7} go/token {one.go_name:7} {one.go_number:3}    compiler {compiler}")

# %%
claim("c2.07").run()

# %% [markdown]
# **Surprise.** How does a scanner know that `func` is a keyword and `fun` is not? It does not try
# 25 words. It computes one number from the first two letters and the length, looks into a table at
# that place, and compares once:

# %%
import re

text = scanner.program.text
print(text[text.index("func hash(") :].split("\n}")[0] + "\n}")

# %% [markdown]
# In Go, `^` and `+` bind equally strongly, as the ribbon can show you, and so they are done from
# left to right. Python needs parentheses for that. Does it give all keywords different places?

# %%
size = 1 << int(re.search(r"keywordMap \[1 << (\d+)\]", text)[1])
keywords = [one.text for one in numbers if one.text.isalpha() and one.text.islower()]
places = {(((ord(w[0]) << 4) ^ ord(w[1])) + len(w)) & (size - 1) for w in keywords}
print(f"{len(keywords)} keywords, {len(places)} places of {size}")

# %%
claim("c2.08")

# %% [markdown]
# **Run.** What is a token made of?

# %%
print(go_file(f"{SYNTAX}/tokens.go").declaration("Token"))
print(go_file("go/token/token.go").declaration("Token"))
print(scanner.declaration("scanner"))

# %%
claim("c2.08").run()

# %%
claim("c2.09")

# %% [markdown]
# **Run.** Four ways to write forty-two. What does the scanner keep, and what does the type checker
# make of it?

# %%
for spelling in ("42", "0x2a", "0b101010", "4_2"):
    one = Program.from_text(f"package main\n\nconst answer = {spelling}\n")
    literal = next(token for token in one.tokens if token.literal_kind)
    print(f"kept: {literal.literal:10} value: {one.types.objects[0].constant}")

# %%
claim("c2.09").run()

# %% [markdown]
# **Exercise 2.1b.** Here are fifteen spellings. Which of them stand for the number 42 as well, but
# are another text to the scanner? Give a list.

# %%
from golifelab.course.exercises_lexing import SPELLINGS

print(*SPELLINGS, sep="   ")

# %% tags=["answer"]
same_value = ...

# %% tags=["solution"]
from golifelab.course.exercises_lexing import is_42

same_value = [spelling for spelling in SPELLINGS if spelling != "42" and is_42(spelling)]

# %%
exercise("2.1b").check(same_value)

# %% [markdown]
# ### The way through the scanner

# %%
claim("c2.10")

# %%
claim("c2.11")

# %% [markdown]
# **Run.** This is what happened when our program was scanned: the functions that there are in your
# Go, and how often each had its turn. Above is the compiler's scanner, below the library's.

# %%
from golifelab.views.scannerflow import scanner_flow

scanner_flow(program)

# %%
claim("c2.10").run()

# %% [markdown]
# No token was made, in the sense of an object that is handed over. There is one record, the struct
# `scanner` above, and it is overwritten for each token. The parser looks at it, and calls `next`
# when it wants to go on.
#
# And line ends? Count the semicolons in the text, and among the tokens:

# %%
print("in the text:    ", program.text.count(";"))
print("among the tokens:", sum(token.kind == ";" for token in program.tokens))
for token in program.tokens:
    if token.automatic:
        print(f"    after line {token.line}, because of the {token.literal}")

# %%
claim("c2.11").run()

# %% [markdown]
# **Exercise 2.1a.** Now be the scanner yourself. For each of the ten pieces: at the ends of which
# lines does a semicolon appear that nobody typed? Lines count from 1 in each piece. Give a list of
# line numbers, an empty one for none.

# %%
from golifelab.course.exercises_lexing import SNIPPETS

for name, piece in SNIPPETS.items():
    for number, line in enumerate(piece.splitlines(), 1):
        print(f"{name if number == 1 else ' '}  {number}  {line.expandtabs(4)}")

# %% tags=["answer"]
semicolons = {
    "a": ...,
    "b": ...,
    "c": ...,
    "d": ...,
    "e": ...,
    "f": ...,
    "g": ...,
    "h": ...,
    "i": ...,
    "j": ...,
}

# %% tags=["solution"]
semicolons = {
    name: [token.line for token in Program.from_text(piece).tokens if token.automatic]
    for name, piece in SNIPPETS.items()
}

# %%
exercise("2.1a").check(semicolons)

# %% [markdown]
# **Surprise.** Piece b is why `return` and its value must begin on one line, piece e why a long sum
# is broken after the `+`, and piece f why `else` must stand beside the brace. None of these is a
# rule about statements. All are the same rule about the last word of a line.
#
# **Exercise 2.1c.** How many tokens does the parser get for this text? Count EOF as well; it is the
# token that says that the text is over.

# %%
from golifelab.course.exercises_lexing import COUNT_ME

print(COUNT_ME)

# %% tags=["answer"]
count = ...

# %% tags=["solution"]
count = len([token for token in Program.from_text(COUNT_ME).tokens if token.kind != "comment"])

# %%
exercise("2.1c").check(count)

# %% [markdown]
# **Exercise 2.1d.** Eight statements. Which does the parser accept? Whether the names exist and the
# types fit does not matter here.

# %%
from golifelab.course.exercises_lexing import STATEMENTS

for statement in STATEMENTS:
    print(statement.expandtabs(4), end="\n\n")

# %% tags=["answer"]
accepted = {
    "a := 1;; b := 2": ...,
    "x++ + y": ...,
    "if ok\n{\n}": ...,
    "for ;; {\n}": ...,
    "f(1,\n\t2\n)": ...,
    "f(1,\n\t2,\n)": ...,
    "x := y--": ...,
    "if x := f(); x {\n}": ...,
}

# %% tags=["solution"]
from golifelab.course.exercises_lexing import parses

accepted = {text: "legal" if parses(text) else "illegal" for text in STATEMENTS}

# %%
exercise("2.1d").check(accepted)

# %% [markdown]
# ---
# ## 2.2 Trees and checks
#
# ### Whose tree?

# %%
claim("c2.12")

# %% [markdown]
# **Run.** One program, and three trees of it. The compiler's parser makes the first. The library's
# parser makes the second, for tools. The third is what the compiler turns the first one into when
# the types are known; it is made for each function, and printed before and after it is *walked*,
# that is, broken down into simpler steps. Choose a tree, open nodes with the arrow keys, and watch
# the text: what is selected in one is selected in all.

# %%
from golifelab.widgets import Trees

Trees(sample("add"), function="add")

# %% [markdown]
# How large are they?

# %%
from golifelab.course.figures import node_bars

add = sample("add")
later = add.ir_trees("add")
node_bars(
    [
        ("the compiler's, whole file", len(add.syntax)),
        ("go/ast's, whole file", len(add.go_syntax)),
        *((f"later, add only, {tree.heading}", len(tree)) for tree in later),
    ],
    "Three trees of one program",
)

# %%
claim("c2.12").run()

# %% [markdown]
# The same addition in the first two. Mind the names, and the place that each of them keeps:

# %%
place = add.locate("8:12")
for tree in (add.syntax, add.go_syntax):
    node = tree.exact(place)[0]
    print(f"{node.kind:12} {node.text}  stands at {node.position}")
    for child in tree.children(node):
        print(f"    {child.field:4} {child.kind:8} {child.text}")

# %% [markdown]
# ### The root

# %%
claim("c2.13")

# %% [markdown]
# **Exercise 2.2c.** Repair the struct: which fields does it really have? Its source is in the file
# below, and `nodes.declaration("…")` gives the source of a type. Give a list of names.

# %%
nodes = go_file(f"{SYNTAX}/nodes.go")
nodes.path

# %% tags=["answer"]
fields = ...

# %% tags=["solution"]
fields = list(nodes.fields("File"))

# %%
exercise("2.2c").check(fields)

# %% [markdown]
# **Run.** And this is what the parser filled in for our program:

# %%
root = program.syntax.roots[0]
for node in program.syntax.children(root):
    print(f"{root.kind}.{node.field:9} {node.kind}")

# %%
claim("c2.13").run()

# %%
claim("c2.14")

# %% [markdown]
# **Run.** Put such a line before the mistake in our program, once in each spelling, and see whom
# the compiler blames.

# %%
for directive in ("#line 5", "//line other.go:5"):
    told = Terminal(program.edit("\tx :=", f"{directive}\n\tx :="))
    print(told("go tool compile -p main main.go").text)

# %%
claim("c2.14").run()

# %% [markdown]
# Programs that write Go use `//line`, so that errors are reported where the real source is. The
# scanner passes the comment on, and from there all positions are counted anew. A pragma is
# something else: `//go:noinline` and its like are noted beside the declaration that follows.
#
# **Exercise 2.2d.** Write a program for whose error the compiler blames line 99 of a file `fake.go`
# that does not exist. Give it as text, between three quotes.

# %% tags=["answer"]
blamed = ...

# %% tags=["solution"]
blamed = """package main

func main() {
//line fake.go:99
	println(x)
}
"""

# %%
exercise("2.2d").check(blamed)

# %% [markdown]
# ### When are types found?

# %%
claim("c2.15")

# %% [markdown]
# **Run.** This is the type checker at work on a program with a few names and one mistake. Step
# through its phases: what it did in each, in its own words, and what it found. Then repair the
# mistake, or make another one.

# %%
from golifelab.widgets import Checks

several = Program.from_text("""package main

const limit = 40 + 2

type pair struct{ left, right *pair }

var start = half(limit)

func half(n int) int { return n / "2" }

func main() { println(start) }
""")
Checks(several)

# %% [markdown]
# The order matters. First all names of the package are collected; only then is anything looked at
# more closely. That is why Go needs no forward declarations. Bodies of functions come late, for
# they can use everything. Here is what `declare` itself does:

# %%
declare = go_file("cmd/compile/internal/types2/decl.go").function("Checker.declare")
print(declare.place, "calls", ", ".join(declare.calls))

# %%
claim("c2.15").run()

# %% [markdown]
# ### What is caught?

# %%
claim("c2.16")

# %%
claim("c2.17")

# %% [markdown]
# **Run.** A small gallery of mistakes. Each error has a name in the compiler, and the compiler's
# source explains the name:

# %%
from golifelab.compile.check.errorcodes import explain

gallery = {
    "mixed types": 'var n = 1 + "one"',
    "no such name": "var n = x",
    "twice": "var n, n int",
    "a loop of values": "var a = b\nvar b = a",
}
for title, mistake in gallery.items():
    error = Program.from_text(f"package main\n\n{mistake}\n").errors[0]
    meaning = " ".join(explain(error.code, Target()).summary.split())
    print(f"{title}: {error}\n    {meaning.split('. ')[0].rstrip('.')}.\n")

# %%
claim("c2.16").run()

# %%
claim("c2.17").run()

# %%
claim("c2.18")

# %% [markdown]
# **Predict.** This claim is best tried by voting on more than one declaration.
#
# **Exercise 2.2a.** In each of the eight a type mentions itself. `"legal"` or `"illegal"`?

# %% tags=["answer"]
votes = {
    "type T *T": ...,
    "type T T": ...,
    "type T []T": ...,
    "type T [2]T": ...,
    "type T func(T) T": ...,
    "type T struct{ next *T }": ...,
    "type T struct{ next T }": ...,
    "type T map[string]T": ...,
}

# %% tags=["solution"]
from golifelab.course.exercises_trees import DECLARATIONS, is_legal

votes = {text: "legal" if is_legal(text) else "illegal" for text in DECLARATIONS}

# %%
exercise("2.2a").check(votes)

# %%
claim("c2.18").run()

# %% [markdown]
# **Surprise.** `type T *T` is not only legal. It can be used, and a value can point at itself:

# %%
endless = Terminal(
    Program.from_text("""package main

type T *T

func main() {
	var t T
	t = &t
	println(t == *t)
}
""")
)
endless("go run .")

# %% [markdown]
# **Exercise 2.2b.** Six programs, each with one fault. In which phase is each found? `scan` and
# `parse` count as phases, too; the others have the names you saw above. The answer is read from the
# checker's own trace.

# %%
from golifelab.course.exercises_trees import FAULTS

print("phases:", ", ".join(phase.name for phase in checks), end="\n\n")
for name, faulty in FAULTS.items():
    print(f"{name}:\n    " + faulty.split("\n", 2)[2].strip().replace("\n", "\n    "), end="\n\n")

# %% tags=["answer"]
found_in = {
    "strange": ...,
    "unfinished": ...,
    "twice": ...,
    "mixed": ...,
    "circle": ...,
    "idle": ...,
}

# %% tags=["solution"]
found_in = {name: Program.from_text(faulty).checks.first.name for name, faulty in FAULTS.items()}

# %%
exercise("2.2b").check(found_in)

# %% [markdown]
# ### Tools that read trees

# %%
claim("c2.19")

# %%
claim("c2.20")

# %%
claim("c2.21")

# %% [markdown]
# **Run.** Three commands that are said to show trees. The first:

# %%
println = Terminal(sample("println"))
println("go tool goobj")

# %% [markdown]
# There is no such tool; there is an internal package of that name, in which compiler and linker
# agree on the form of object files. What is in one? Names, machine code, and places that the linker
# has still to fill in.

# %%
println("go tool compile -p main main.go")
println("go tool objdump -s ^main.main$ main.o").grep("CALL")

# %% [markdown]
# After the byte `e8`, which means call, there are four zeros as yet, and beside it stands what
# belongs there. No tree, and no node. The other two commands give a line for each instruction, and
# nothing more:

# %%
println("go tool compile -p main -S main.go").grep(r"\tCALL|\tRET")

# %%
claim("c2.19").run()

# %%
claim("c2.20").run()

# %%
claim("c2.21").run()

# %% [markdown]
# A listing with the nodes in it can be had all the same: instructions know their position, nodes
# know theirs, and we only have to join them. With the observer in the compiler that is the very
# column; without it it is the line, and all the nodes on it.

# %%
for instruction in add.machine("add"):
    place = instruction.position
    if place:
        exactly = [f"{node.kind} {node.text}".strip() for node in add.syntax.exact(place)]
        on_line = [node.kind for node in add.syntax if node.position.line == place.line]
        print(f"{instruction.text:16} {place!s:14} {', '.join(exactly or on_line)}")

# %% [markdown]
# ### The whole way

# %%
claim("c2.22")

# %% [markdown]
# **Run.** The way through the front end, as your Go has it. Each box is a function that was looked
# up in your Go's source; the figures are those of our program. The compiler is on the left, the
# library on the right.

# %%
from golifelab.views.frontflow import front_flow

front_flow(used)

# %%
claim("c2.22").run()

# %%
claim("c2.23")

# %% [markdown]
# **Run.** What the checker has written into the tree of our program:

# %%
for node in used.syntax:
    info = used.types.of(node)
    if info and info.type:
        words = f"{info.type} {'= ' + info.constant if info.constant else ''}"
        print(f"{node.position!s:14} {node.kind:10} {node.text:8} {words}")

# %%
claim("c2.23").run()

# %% [markdown]
# ---
# ## 2.3 Types, interfaces, and a compiler of your own
#
# ### What goes into what?

# %%
claim("c2.24")

# %% [markdown]
# **Run.** If there were subtypes, a `[]int` would be a `[]any`, since an `int` can be put into an
# `any`. Try:

# %%
wider = Program.from_text("""package main

func main() {
	numbers := []int{1, 2}
	var one any = numbers[0]
	var all []any = numbers
	println(one, all)
}
""")
for error in wider.errors:
    print(error)

# %%
claim("c2.24").run()

# %% [markdown]
# An `int` in an `any` is not the same bits seen in another way. An `any` is a pair: one word for
# the type, one for the value.

# %%
sizes = Terminal(
    Program.from_text("""package main

import "unsafe"

func main() {
	println(unsafe.Sizeof([4]int{}), unsafe.Sizeof([4]any{}))
}
""")
)
sizes("go run .")

# %% [markdown]
# So the elements of a `[]any` lie twice as far apart, and to make one out of a `[]int` takes a
# loop. Go does not hide loops.
#
# **Exercise 2.3a.** Six types, some declared here. To variables of which of the six types can a
# value of each be assigned? Give a list of names for each.

# %%
from golifelab.course.exercises_types import TYPE_DECLARATIONS, TYPES

print(TYPE_DECLARATIONS)
print("the six:", ", ".join(TYPES))

# %% tags=["answer"]
fits = {
    "int": ...,
    "celsius": ...,
    "[]int": ...,
    "list": ...,
    "named": ...,
    "any": ...,
}

# %% tags=["solution"]
from golifelab.course.exercises_types import assignable_types

fits = assignable_types()

# %%
exercise("2.3a").check(fits)

# %% [markdown]
# All pairs, and the checker's reason for each no:

# %%
from golifelab.compile.check.assignability import assignability

assignability(TYPES, Target(), declarations=TYPE_DECLARATIONS)

# %% [markdown]
# ### What satisfies an interface?

# %%
claim("c2.25")

# %% [markdown]
# **Run.** Every type of this program against every interface. Each cell gives its reason: choose
# one, or edit the program, and put a star in front of a receiver.

# %%
from golifelab.widgets import Interfaces

Interfaces(sample("counter"))

# %% [markdown]
# What decides is the **method set** of a type. A method with a pointer receiver is in the set of
# the pointer type only. The reason is a matter of addresses. A variable has one, which can be
# handed to the method; a value that is nobody's variable has none, and the value in an interface is
# such a one:

# %%
for call in ('l := label{}; l.Rename("x")', 'label{}.Rename("x")'):
    one = sample("counter").edit(
        'c := &counter{label: label{"visits"}}', f"{call}; c := &counter{{}}"
    )
    print(f"{call:30} {one.errors[0].message if one.errors else 'accepted'}")

# %%
claim("c2.25").run()

# %% [markdown]
# **Exercise 2.3c.** Without looking: which methods are in the method sets of these four types of
# the program above? Give a list of names for each.

# %% tags=["answer"]
methods = {
    "counter": ...,
    "*counter": ...,
    "shared": ...,
    "*shared": ...,
}

# %% tags=["solution"]
sets = sample("counter").methods
methods = {name: [method.name for method in sets.of(name)] for name in ("counter", "*counter")}
methods |= {name: [method.name for method in sets.of(name)] for name in ("shared", "*shared")}

# %%
exercise("2.3c").check(methods)

# %%
claim("c2.29")

# %%
claim("c2.32")

# %% [markdown]
# **Run.** One method more does no harm, one less does. And when a method has the right name, its
# type must be the same one. The checker does not go on to ask whether two different types could do
# the same:

# %%
strict = Program.from_text("""package main

type named interface{ Name() string }

type taker interface{ Take(named) }

type box struct{}

func (box) Take(interface{ Name() string }) {}

var _ taker = box{}
""")
for error in strict.errors:
    print(error)

# %%
claim("c2.29").run()

# %%
claim("c2.32").run()

# %% [markdown]
# ### Promises of another language
#
# Two rows of the claimed table are about TypeScript. Go has neither optional nor read-only members,
# and the questions behind them have other answers.

# %%
claim("c2.30")

# %%
claim("c2.31")

# %% [markdown]
# **Run.** Where TypeScript would have an optional member, Go has a pointer or an interface that may
# be nil. That is not checked when compiling. And there is a trap in it: an interface that holds a
# nil pointer is itself not nil.

# %%
hollow = Terminal(
    Program.from_text("""package main

type label struct{ text string }

func (l *label) Error() string { return "no label" }

func find() error {
	var missing *label
	return missing
}

func main() {
	println(find() == nil)
}
""")
)
hollow("go run .")

# %% [markdown]
# `find` returns a nil pointer in an interface, that is, a pair of the type `*label` and nil. Only
# the pair of nothing and nothing is equal to nil.

# %%
claim("c2.30").run()

# %%
claim("c2.31").run()

# %% [markdown]
# ### A mistake that nobody reports

# %%
claim("c2.27")

# %% [markdown]
# **Run.** The article takes TypeScript to show how a type error is hidden. Go can do it as well. We
# call it laundering: a string is put into an `any` and comes out as an int.

# %%
laundered = Program.from_text("""package main

func main() {
	n := any("hello").(int)
	println(n)
}
""")
terminal = Terminal(laundered)
terminal("go vet .")

# %%
terminal("go build -o laundered .")
terminal("./laundered")

# %% [markdown]
# Compiler and vet are content; the program stops when it runs. It looked at the type that the `any`
# carries, and did not let a string pass for an int.

# %%
claim("c2.27").run()

# %% [markdown]
# ### A compiler that reports it

# %%
claim("c2.26")

# %%
claim("c2.28")

# %% [markdown]
# **Run.** No plugin and no hook is needed to change Go's compiler. It is a Go program, its source
# is on your disk, and the go command can build it with some files replaced: `go build -overlay`. No
# file of Go's is touched. Here is the whole change, put together for your Go:

# %%
patch = laundering()
patch

# %% [markdown]
# One file is changed and two are added. The change is where the type checker looks at a type
# assertion: it asks whether the operand is a conversion that hides a type, and whether that type
# can never be the asserted one. The added files answer these two questions.
#
# The compiler with this change was begun at the top of the page. The next cell waits for it if need
# be, a few minutes at most; where it cannot be built, the cell says why. Then it compiles:

# %%
from golifelab.course.changed import judged_by

judged_by(patch, laundered)

# %% [markdown]
# Your Go reports a rule that is not in the language. The go command can be told to use it as well,
# for whole modules. Here it builds the folder in which it built the program before:

# %%
judged_by(patch, terminal.folder)

# %% [markdown]
# Now put it in words of your own; `{from}` and
# `{to}` become the two types. Watch the change while you type, then press the button. Building
# takes seconds this time, since only a few files have changed.

# %%
from golifelab.widgets import Rebuild

Rebuild(laundered)

# %% [markdown]
# The same in code:

# %%
own_words = "{from} is not {to}, whatever you wrap it in"
judged_by(laundering(own_words), laundered)

# %% [markdown]
# **Another change.** The type checker can tell what it does; it has a switch for it that the
# compiler does not set. Two lines suffice:

# %%
from golifelab.compile.changed.tracing import trace

trace()

# %%
traced = judged_by(trace(), used, environment={"TYPES2TRACE": "1"})
print(traced.output)

# %% [markdown]
# There it is, in the checker's own words: 42 and 1 are looked at, and their sum is the constant 43.
# The player in section 2.2 has its lines from the same switch.

# %%
claim("c2.26").run()

# %%
claim("c2.28").run()

# %% [markdown]
# ### Who notices what?
#
# The same rule can be written without changing a compiler: as a linter over the library's trees, or
# as a check that `go vet` runs. So there are now eight parties that may notice a fault. Here they
# are, with nine programs.

# %%
from golifelab.run.notices import who_notices

who_notices()

# %% [markdown]
# Read it row by row: who is the first to notice? Read it column by column: what one party sees
# depends on what it knows. The scanner knows words, the parser their order, the type
# checker the types, and only the running program the values.
#
# **Exercise 2.3d.** This must *not* be reported, although it looks the same:
#
# ```go
# func launder[T any](v T) int { return any(v).(int) }
# ```
#
# Show why: give a pair of calls, as texts, the first one working and the second one panicking.

# %% tags=["answer"]
calls = ...

# %% tags=["solution"]
calls = ("launder(42)", 'launder("forty-two")')

# %%
exercise("2.3d").check(calls)

# %% [markdown]
# **Exercise 2.3b.** The rule looks for the word `any`. But `interface{}("hello").(int)` is the same
# mistake, and so is a conversion by any other name for the empty interface. The condition by which
# the rule finds conversions is one Go expression inside the checker:

# %%
from golifelab.compile.changed.laundering import CONDITION

print(CONDITION)

# %% [markdown]
# `fun` is what stands before the parenthesis, `to` the type that it names. Write a better
# condition. It is built into a compiler, which then judges some programs that you have not seen.
# This takes a while, some seconds when all is warm.

# %% tags=["answer"]
condition = ...

# %% tags=["solution"]
condition = "IsInterface(to) && to.Underlying().(*Interface).Empty()"

# %%
exercise("2.3b").check(condition)

# %% [markdown]
# **Surprise.** To change the compiler of a language that millions use, you needed one file of Go, a
# line to call it, and a minute.
#
# ---
# ## Before SSA: what is decided
#
# Between the types and the code, the compiler makes decisions that you can feel: which calls are
# replaced by what they call, which variables live on the heap, which calls through an interface are
# direct calls after all. Later it proves that some checks can be left out. It can say all of it,
# with positions.

# %%
from golifelab.widgets import RemarksLane

decisions = sample("decisions")
RemarksLane(decisions)

# %% [markdown]
# Each chip is a decision on that line; choose one to see the reasons. Then change the program: add
# `var last *point` above the functions and the line `last = p` to `local`, and see where its point
# goes now.
#
# Inlining has a budget. The compiler adds up a price for every function, and one that is too dear
# is called, not copied:

# %%
for remark in decisions.remarks.of("inline"):
    if remark.cost is not None:
        print(f"{remark.function or remark.subject:14} {remark.outcome:14} cost {remark.cost}")

# %% [markdown]
# Why is `p` in `keep` on the heap? The compiler keeps its chain of reasons:

# %%
for remark in decisions.remarks.about("p"):
    print(remark.position, remark.message)
    for step in remark.steps:
        print("   ", step.position, step.message)

# %% [markdown]
# An index into a slice is checked when the program runs, unless the compiler can prove that it
# fits. Both cases, with the node of the tree that each remark is pinned on:

# %%
for remark in decisions.remarks.of("bounds"):
    node = decisions.remarks.node(remark)
    print(f"{remark.position!s:14} {remark.outcome:12} {node.kind if node else ''}")

# %% [markdown]
# In `sum` the index comes from `range` over the same slice, so it always fits. In `pick` anybody
# may have chosen it. And where `main` calls `pick`, slice and index are both known: nothing is left
# to check, and nothing is said.
#
# **Surprise.** `s` is an interface, so `s.score(21)` should look up the method when it runs. But
# the compiler has seen what is in `s`. It makes the call direct, and replaces it by the body of the
# method. These are all instructions of that line and of the method's. Is `score` called?

# %%
known = decisions.remarks.of("devirtualize")[0]
print(known.position, known.message, end="\n\n")
lines = {known.position.line, decisions.methods.of("scale")[0].position.line}
for instruction in decisions.machine("main"):
    if instruction.position and instruction.position.line in lines:
        print(f"{instruction.position!s:14} {instruction.text}")

# %% [markdown]
# It is not. A multiplication is left of a call through an interface, or not even that: some
# releases of Go do it beforehand and leave 42.

# %% [markdown]
# ---
# ## Quiz: the front end

# %%
quiz("front-end")

# %% [markdown]
# This is a good place for a break. To go on from here another day, run the next cell and continue.

# %%
import re

from golifelab import Program, Target, claim, exercise, quiz, sample, show
from golifelab.claims.gosource import go_file
from golifelab.course.terminal import Terminal

# %% [markdown]
# ---
# ## 2.4 Values: SSA
#
# The tree is gone now. What is left of a function are **values** in **blocks**. A value is computed
# once, from other values, and has a name of its own, such as v13. A block is a row of values that
# are computed one after the other; at its end it says where to go next. This form is called *static
# single assignment*, SSA for short. Nearly all that the compiler improves, it improves here, in
# some fifty steps, the **passes**.

# %%
show(sample("phi"), view="lab", function="addPhi", pass_="start")

# %% [markdown]
# The program is on the left, on the right is its function `addPhi` as the compiler built it. Go
# through the passes with the keys `[` and `]`, or drag. Choose a value, and the program shows which
# text it was made for; choose text, and see its values. The tabs show the same as a graph, as
# changes, and as machine code; the question mark tells all keys. Then edit: write `b < 0`, and see
# what follows, all the way down.
#
# ### One definition each

# %%
claim("c2.33")

# %% [markdown]
# **Run.** A loop changes two variables, again and again. Here it is when it has just been built,
# before any pass, as the compiler itself prints it. In front of each value stands the line that it
# was made for; what is DEAD is needed by nobody. Look for a name that is defined twice:

# %%
loop = sample("loop").ssa("sum")
built = loop["start"]
print(loop.text(built.index))

# %% [markdown]
# There is none, for the values have names and the variables have not. At the end stands a list of
# which values were ever which variable; it is there for debuggers, and the passes can do without
# it.
#
# What about `total` in the loop, which is 0 at first and later the sum so far? That is a **phi**.
# It stands at the head of a block to which several ways lead, and is the value that belongs to the
# way that was taken.

# %%
claim("c2.33").run()

# %%
claim("c2.36")

# %%
from golifelab.course.trials import phis

for phi in phis(built):
    block = built.block_of(phi.id)
    for way, argument in zip(block.predecessors, phi.args, strict=True):
        print(f"{phi.name} in {block.name} is v{argument} when coming from b{way}")

# %%
claim("c2.36").run()

# %% [markdown]
# ### The example without a phi
#
# The article explains phis by a function `add` with an `if` and two `return`s. It is our main
# character.

# %%
claim("c2.38")

# %%
claim("c2.39")

# %% [markdown]
# **Run.** Count the phis of three functions, after each pass from left to right:

# %%
for name, function in (("add", "add"), ("phi", "addPhi"), ("loop", "sum")):
    counts = [len(phis(step)) for step in sample(name).ssa(function).passes]
    print(f"{function:7}", "".join(map(str, counts)))

# %% [markdown]
# In `add` nothing meets. It leaves by two doors, and neither `a` nor `b` ever changes. In `addPhi`
# two ways meet again, and in `sum` the end of the loop meets its beginning. These are the blocks of
# `add`:

# %%
sample("add").ssa("add").cfg("start")

# %%
claim("c2.38").run()

# %%
claim("c2.39").run()

# %% [markdown]
# **Exercise 2.4a.** Six functions. How many phis does each have? Count when needless copies have
# been removed, which is done by one of the first passes.

# %%
from golifelab.course.exercises_ssa import JOINS, TIDY

joins = sample("joins")
print(joins.text)

# %% tags=["answer"]
phi_numbers = {
    "straight": ...,
    "early": ...,
    "larger": ...,
    "order": ...,
    "power": ...,
    "keep": ...,
}

# %% tags=["solution"]
phi_numbers = {name: len(phis(joins.ssa(name)[TIDY])) for name in JOINS}

# %%
exercise("2.4a").check(phi_numbers)

# %% [markdown]
# **Surprise.** `keep` chooses nothing, it returns what it got. But it may write to memory, or not,
# and what comes after depends on that. So memory is a value, too, of the type `mem`. Each write
# makes a new one from an old one, and where two ways meet, their memories need a phi:

# %%
keep = joins.ssa("keep")
for step in (keep["start"], keep[TIDY], keep[-1]):
    print(f"{step.name:27}", ", ".join(f"{phi.name} {phi.type}" for phi in phis(step)))

# %% [markdown]
# ### Where do phis go?
#
# One block *dominates* another if every way to the other leads through it. Where that ends, at the
# first block that can be reached by another way as well, is its *dominance frontier*. A value that
# is set in the block may meet another one there, so textbooks put the phis there.

# %%
claim("c2.34")

# %% [markdown]
# **Run.** The compiler has two ways to find the places. This is where it decides between them:

# %%
phi_go = go_file("cmd/compile/internal/ssagen/phi.go")
text = phi_go.program.text
print(re.search(r"const smallBlocks.*", text)[0])
print(text[text.index("func (s *state) insertPhis(") :].split("\n}")[0] + "\n}")

# %% [markdown]
# Few functions have so many blocks. For all others it goes the simple way, found by Matthias Braun
# and others in 2013: ask. Whoever reads a variable asks its block. If the variable is set there,
# that is the answer. If not, the block asks those that lead to it; and when there are several of
# them, it makes a phi of their answers. A phi whose answers are all the same is none. That is all,
# and we can do it, too. The blocks are the compiler's, and which block sets what:

# %%
ways = {block.name: [f"b{n}" for n in block.predecessors] for block in built.blocks}
sets = {name: set() for name in ways}
for variable, numbers_of_it in built.snapshot.names:
    for number in numbers_of_it:
        if built.value(number).op not in ("Phi", "Copy"):
            sets[built.block_of(number).name].add(variable.partition("[")[0])
for name, before in ways.items():
    print(f"{name} comes from {', '.join(before) or 'nowhere'}; sets", *sorted(sets[name]))

# %%
answers = {}


def at_end(block: str, variable: str) -> str:
    return f"{variable} set in {block}" if variable in sets[block] else at_start(block, variable)


def at_start(block: str, variable: str) -> str:
    if len(ways[block]) == 1:
        return at_end(ways[block][0], variable)
    phi = f"phi of {variable} in {block}"
    if phi not in answers:
        answers[phi] = []  # noted before asking: a loop will ask for itself
        answers[phi] = [at_end(way, variable) for way in ways[block]]
    different = set(answers[phi]) - {phi}
    return different.pop() if len(different) == 1 else phi


last_block = list(ways)[-1]
for variable in ("n", "i", "total"):
    print(f"{variable:5} at the start of {last_block} is the", at_start(last_block, variable))
print("the compiler has", *[f"{p.name} in {built.block_of(p.id).name}" for p in phis(built)])

# %%
claim("c2.34").run()

# %% [markdown]
# ### Versions
#
# In a textbook a variable x becomes x₁, x₂, x₃.

# %%
claim("c2.35")

# %% [markdown]
# **Run.** In Go the values are numbered. When a value is gone its number is free again, and some
# pass will use it. This is such a number, in `sum`:

# %%
from golifelab.course.exercises_ssa import reused_numbers

print(loop.biography(next(iter(reused_numbers(loop)))))

# %%
claim("c2.35").run()

# %% [markdown]
# **Exercise 2.4b.** Find a number in `risk` that the compiler has used for two values. What did the
# first one do, what does the last one do? Give three texts: the name and two operations. Choose a
# value in the lab, and the strip below tells its life; `ssa.biography("v10")` does the same.

# %%
show(sample("risk"), view="lab", function="risk", pass_="lower")

# %% tags=["answer"]
reused = ...

# %% tags=["solution"]
found = reused_numbers(sample("risk").ssa("risk"))
reused = next((name, *operations) for name, operations in found.items())

# %%
exercise("2.4b").check(reused)

# %% [markdown]
# ### The compiler's own picture
#
# `GOSSAFUNC` is a variable that the compiler looks at. It names a function, and all its passes are
# written down as a web page.

# %%
claim("c2.37")

# %% [markdown]
# **Run.** Ask the compiler itself, and it takes a moment:

# %%
page = Terminal(sample("phi"))
page("GOSSAFUNC=addPhi go tool compile -p main main.go")

# %%
page.files()

# %% [markdown]
# The recipe asks `go build`, and for `main`. Then every package is built anew, and every function
# of that name is meant, in every package. The experiment builds a small module in an empty cache,
# twice. Watch what happens the second time.

# %%
claim("c2.37").run()

# %% [markdown]
# ### Some fifty passes

# %%
claim("c2.40")

# %%
claim("c2.43")

# %% [markdown]
# **Run.** One addition, from the tree to the instruction. Each line was taken from where the
# compiler keeps it:

# %%
add = sample("add")
plus = add.locate("8:12")
ssa = add.ssa("add")
print(f"{'syntax tree':28} {add.syntax.exact(plus)[0].kind}")
for tree in add.ir_trees("add"):
    found = [node.op for node in tree if node.position and node.position.line == plus.line]
    print(f"{tree.heading:28} {' '.join(found)}")
for step in ("start", "opt", "lower", "regalloc"):
    values = [value.text for value in ssa.at(plus, step) if "ADD" in value.op.upper()]
    print(f"{step:28} {' '.join(values)}")
print(f"{'machine code':28} {add.machine('add').at(plus)[0].text}")

# %%
claim("c2.40").run()

# %%
claim("c2.43").run()

# %%
claim("c2.41")

# %% [markdown]
# **Run.** All passes that ran on `sum`, and what each of them changed:

# %%
loop.impact()

# %% [markdown]
# In a small function most passes find nothing to do. Up to *lower* values are the same for all
# processors; there they become instructions of one. How many passes come before it?

# %%
names = [step.name for step in loop.passes[1:]]
print(len(names), "passes,", names.index("lower"), "of them before lower")

# %% [markdown]
# **Exercise 2.4c.** After which pass does `addPhi` have one block only? Find it in the lab at the
# beginning of this section, with the graph open.

# %% tags=["answer"]
last_branch = ...

# %% tags=["solution"]
from golifelab.course.exercises_ssa import branch_loser

last_branch = branch_loser(sample("phi").ssa("addPhi"))

# %%
exercise("2.4c").check(last_branch)

# %%
claim("c2.41").run()

# %% [markdown]
# ### Rules
#
# Many passes do nothing but follow rules. A rule says: where you see this, put that. They are
# written in a language of their own, in files that came with your Go, and are turned into Go code
# when the compiler is made. Here you can go through a function rule by rule:

# %%
show(sample("selection"), view="rules", function="mul9")

# %% [markdown]
# Nine times a number: first it is a multiplication like any other, and in the end it is none. We
# will come back to it.
#
# ### Proofs
#
# One pass, *prove*, collects what must be true at each place: after `i < len(a)` was tested, it is
# known. With that it removes checks that can never fail. In `dot` two indexes are checked in each
# round. It gets rid of one of them:

# %%
dot = sample("dot")
for remark in dot.remarks.of("bounds"):
    print(remark.position, remark.outcome)

# %%
proofs = show(dot, view="rules", function="dot", tab="proofs")
proofs

# %% [markdown]
# **Exercise 2.4d.** Get rid of the other one. Change `dot` so that no index is checked in the loop.
# For slices of equal length it must give what it gave. Edit it on the page above until both are
# proved; then answer `proofs.value`, which is the program as it stands there. The text of a program
# will do as well.

# %% tags=["answer"]
unchecked = ...

# %% tags=["solution"]
unchecked = dot.edit("\ttotal := 0", "\tb = b[:len(a)]\n\ttotal := 0")

# %%
exercise("2.4d").check(unchecked)

# %% [markdown]
# ### What is a pass good for?
#
# Switch it off and look. Passes without which there would be no correct code cannot be switched
# off; the compiler says so. For all others the board compiles the function without them:

# %%
decisions = sample("decisions")
show(decisions, view="ablation", function="sum")

# %% [markdown]
# **Exercise 2.4e.** `sum` has no check in its loop. Which passes, each switched off alone, bring it
# back? Give a list of names.

# %% tags=["answer"]
proving = ...

# %% tags=["solution"]
made = decisions.ablation("sum")
proving = [one.name for one in made if (made.change(one.name, "checks") or 0) > 0]

# %%
exercise("2.4e").check(proving)

# %% [markdown]
# ### And in the end?

# %%
claim("c2.42")

# %% [markdown]
# **Run.** A processor has no phi. Where are the two of our loop after the last pass, and which
# instructions were made for them?

# %%
machine = sample("loop").machine("sum")
for phi in phis(loop[-1]):
    homes = {loop[-1].value(argument).location for argument in phi.args}
    print(phi.text, "— its arguments are in", *homes)
    print("instructions:", len(machine.of_value(phi.name)))

# %%
claim("c2.42").run()

# %% [markdown]
# Whichever way is taken, the value is in the register already. That is how a choice becomes
# nothing.
#
# **Exercise 2.4f.** Write a function `three(n int) int` with exactly three phis left after the last
# pass. Phis of memory do not count. Write it here, and answer `workshop.value`; or answer with its
# text.

# %%
workshop = show(
    Program.from_text("""package main

func three(n int) int {
	return n
}

func main() {
	println(three(10))
}
"""),
    view="lab",
    function="three",
)
workshop

# %% tags=["answer"]
three = ...

# %% tags=["solution"]
three = """
func three(n int) int {
	a, b := 0, 1
	for i := 0; i < n; i++ {
		a, b = b, a+b
	}
	return a
}
"""

# %%
exercise("2.4f").check(three)

# %% [markdown]
# ---
# ## 2.5 Instructions and registers
#
# A function may have any number of values, but a processor has few registers. Below, each column is
# a register and each row a step of the program; a value stays in its column as long as somebody
# needs it. If there are too many, one must go to the stack and come back later. That is a
# **spill**.

# %%
grid = show(sample("pressure"), view="registers", function="press")
grid

# %% [markdown]
# ### What it costs

# %%
claim("c2.44")

# %% [markdown]
# **Run.** Functions that need four values at once, eight, and so on. Spills and bytes of code, for
# two processors:

# %%
from golifelab.claims.register_use import COUNTS, pressure

crowd = Program.from_text(pressure())
for goarch in ("amd64", "arm64"):
    for count in COUNTS:
        one = crowd.for_target(goarch=goarch)
        spills = len(one.registers(f"press{count}").spills)
        size = len(one.machine(f"press{count}").code)
        print(f"{goarch} {count:3} values {spills:3} spills {size:5} bytes")

# %%
claim("c2.44").run()

# %% [markdown]
# ### How many are there?

# %%
claim("c2.45")

# %%
claim("c2.46")

# %% [markdown]
# **Run.** Not all registers that a processor has are given to values. The compiler has a table of
# them, and your Go has brought it along:

# %%
from golifelab.compile.machine.registerfile import register_file

for goarch in ("amd64", "arm64"):
    registers = register_file(Target(goarch=goarch))
    print(f"{goarch}: {len(registers.general)} for whole numbers and addresses:")
    print("   ", *registers.general)

# %%
claim("c2.45").run()

# %%
claim("c2.46").run()

# %% [markdown]
# Missing on amd64 are the stack pointer SP, the frame pointer BP, and R14, which holds the current
# goroutine. `press` uses all the others.
#
# **Exercise 2.5a.** Rewrite `press` so that nothing is spilled on amd64. It must store and return
# what it did. The page above counts while you type; when it is done, answer `grid.value`, or give
# the function as text.

# %% tags=["answer"]
pressed = ...

# %% tags=["solution"]
pressed = """
func press(p *[16]int) int {
	sum, product := 0, 1
	for _, x := range p {
		sum += x
		product *= x
	}
	p[0] = sum
	return product
}
"""

# %%
exercise("2.5a").check(pressed)

# %% [markdown]
# ### Which instructions?

# %%
claim("c2.47")

# %%
claim("c2.48")

# %% [markdown]
# **Run.** One function for two processors, side by side. It takes one of two values:

# %%
selection = sample("selection")
show(
    selection,
    view="lab",
    function="sel",
    tab="machine",
    other_tab="machine",
    subject={"goarch": "arm64"},
)

# %% [markdown]
# Both decide without a jump, and both read flags that an instruction before has set. What does an
# instruction read and write? Its encoding tells, and capstone can read it:

# %%
from golifelab.compile.machine.effects import effects

for goarch in ("amd64", "arm64"):
    for function in ("sel", "mul9"):
        code = selection.for_target(goarch=goarch).machine(function).code
        for one in effects(goarch, code):
            if len(one.reads) > 1 or one.mnemonic in ("lea", "add"):
                reads, writes = " ".join(one.reads), " ".join(one.writes)
                print(f"{one.text:28} reads {reads:12} writes {writes}")

# %%
claim("c2.47").run()

# %%
claim("c2.48").run()

# %% [markdown]
# **Exercise 2.5b.** Nine times a number is one LEA on amd64, an instruction made for addresses:
# base plus a multiple of an index, into any register. Two in a row can do 3·5 and much more. For
# which factors from 2 to 30 is a multiplication needed all the same? Give a list of numbers.

# %%
from golifelab.course.exercises_machine import factor_code, factor_program

for factor in (2, 7, 9, 15):
    print(f"{factor:2} times: {factor_code(factor_program(), factor)}")

# %% tags=["answer"]
factors = ...

# %% tags=["solution"]
from golifelab.course.exercises_machine import costly_factors

factors = costly_factors()

# %%
exercise("2.5b").check(factors)

# %% [markdown]
# ### Who saves what?

# %%
claim("c2.49")

# %% [markdown]
# **Run.** A call may use registers for itself. In C, caller and callee share the work: some
# registers a function must give back as it found them. Here is a Go function that needs `b` and
# `c` after a call. It begins by looking whether the stack is large enough, and making its frame:

# %%
saved = sample("saved").machine("keep")
for instruction in saved:
    print(f"{instruction.text:26} {saved.explain(instruction.index)}")
    if instruction.opcode == "RET":
        break

# %%
claim("c2.49").run()

# %% [markdown]
# **Surprise.** In Go no value stays in a register over a call. All that a function saves for its
# caller is BP, which holds no value but says where the caller's frame is. So a goroutine can be
# stopped at a call with little to remember.
#
# ### Go's own convention
#
# Arguments travel in registers, and which one takes what follows from the types. Change the
# signature:

# %%
from golifelab.course.exercises_machine import SIGNATURE

show(add, view="abi", signature="func(a int, s string) (int, error)")

# %% [markdown]
# **Exercise 2.5c.** Predict the registers of another signature, on amd64. Give a list for each
# name; an empty one for what goes to the stack. Do not type it in above, yet.

# %%
print(SIGNATURE)

# %% tags=["answer"]
travels = {
    "a": ...,
    "x": ...,
    "s": ...,
    "pair": ...,
    "ok": ...,
    "n": ...,
    "err": ...,
}

# %% tags=["solution"]
travels = {one.name: list(one.registers) for one in add.abi(SIGNATURE).assignments}

# %%
exercise("2.5c").check(travels)

# %% [markdown]
# ### a + b*c
#
# The article sets two listings of this sum against each other, one for arm64 and one for amd64.

# %%
claim("c2.50")

# %%
claim("c2.52")

# %%
claim("c2.51")

# %% [markdown]
# **Run.** These are the real ones:

# %%
for goarch in ("arm64", "amd64"):
    mac = selection.for_target(goarch=goarch).machine("mac")
    for one in mac:
        print(f"{goarch}  {one.hex:12} {one.text:20} {mac.explain(one.index)}")

# %%
claim("c2.50").run()

# %%
claim("c2.52").run()

# %% [markdown]
# **Exercise 2.5d.** Here is `mul x3, x1, x2` as a number. Some of its bits name a register that you
# do not see in the text. Change them, so that it becomes `madd x3, x1, x2, x0`.

# %%
from golifelab.course.exercises_machine import MUL, arm64_text

print(f"{MUL:#x}  {MUL:032b}  {arm64_text(MUL)}")

# %% tags=["answer"]
word = ...

# %% tags=["solution"]
word = MUL & ~(31 << 10)

# %%
exercise("2.5d").check(word)

# %% [markdown]
# **Exercise 2.5e.** And what does a multiplication on amd64 destroy? Eight instructions, as Intel
# writes them, the destination first. Which registers does each write? Leave the flags out.

# %% tags=["answer"]
written = {
    "imul rbx, rcx": ...,
    "imul rcx": ...,
    "imul rbx, rcx, 9": ...,
    "lea rcx, [rbx + rbx*2]": ...,
    "add rax, rbx": ...,
    "cmp rax, rbx": ...,
    "div rcx": ...,
    "xchg rbx, rax": ...,
}

# %% tags=["solution"]
from golifelab.course.exercises_machine import written_registers

written = written_registers()

# %%
exercise("2.5e").check(written)

# %%
claim("c2.51").run()

# %% [markdown]
# ### How registers are given
#
# Values that are needed at the same time must not share a register. Textbooks draw a graph of that
# and colour it: neighbours get different colours, and a colour is a register.

# %%
claim("c2.53")

# %% [markdown]
# **Run.** An `imul` overwrites one of its operands. If that is needed later, somebody has to copy
# it first. The allocator does, and we can watch it: these values of `sum` are there after
# *regalloc* and were not before.

# %%
added = loop.diff("flagalloc", "regalloc").added
for value in added:
    print(value.text)

# %%
claim("c2.53").run()

# %% [markdown]
# ### The same program, another result
#
# One more thing about multiplying and adding. With floating point each operation rounds. Where a
# processor can do both at once, it rounds only once, and the result is another one. Go's language
# allows that. arm64 can do it, and amd64 can if you say that the program need not run on old
# processors. That is what GOAMD64 is for: v1 is any amd64 on the left, v3 is on the right. The
# second pane can show arm64 as well.

# %%
fused = sample("fused")
show(
    fused,
    view="lab",
    function="fused",
    tab="machine",
    other_tab="machine",
    subject={"goamd64": "v3"},
)

# %% [markdown]
# Both run on this machine, if it is not too old. What do they say?

# %%
from golifelab.course.trials import printed
from golifelab.errors import FeatureUnavailable

for level in ("v1", "v3"):
    try:
        print(level, *printed(fused.for_target(goamd64=level), ["fused(-0.01, 0.1, 0.1)"]))
    except FeatureUnavailable as error:
        print(level, error)

# %% [markdown]
# -0.01 + 0.1·0.1 is neither of them; it is 0. Computers cannot write 0.1 exactly, and both
# results are errors of rounding, of different size. (Before Go 1.25 the compiler did not fuse on
# amd64, and you see the same number twice.)
#
# **Exercise 2.5f.** An explicit conversion always rounds. Write `a + b*c` with one conversion, so
# that all processors give the same result. Try it in the lab, and give the expression as text.

# %% tags=["answer"]
rounded = ...

# %% tags=["solution"]
rounded = "a + float64(b*c)"

# %%
exercise("2.5f").check(rounded)

# %% [markdown]
# **Surprise.** A flag for the processor changes what a program computes, and that is legal. Whoever
# compares results bit by bit has to say where they are rounded.
#
# ---
# ## Quiz: from values to instructions

# %%
quiz("back-end")

# %% [markdown]
# ## In short
#
# - The compiler has a scanner, a parser and a type checker of its own. `go/scanner`, `go/ast` and
#   `go/types` are the library's, for tools; the two agree, and their names differ.
# - The parser pulls tokens out of one record. A line end after a word that can end a statement is a
#   semicolon; that is the whole rule.
# - Names first, bodies late: the phases of the type checker say who can find which error.
# - Interfaces are satisfied by method sets, in one direction, without being declared. There are no
#   subtypes.
# - Whatever the checker does not do, you can make it do: `-overlay` builds another compiler in
#   seconds.
# - In SSA each value is computed once. Phis stand where ways meet and values differ, and nowhere
#   else; memory is a value like any other. Numbers of values are used again.
# - Some fifty passes work on the values. Most of them find nothing in a small function; up to
#   *lower* they do not know the processor.
# - Registers are given in one go through the function; when there are too few, the value that is
#   needed last goes to the stack. Over a call all of them go there.
# - Instructions are chosen by rules: a multiplication may be an address, a sum and a product one
#   instruction, and floating point may be rounded once less.
#
# The claims of chapter 2, tried on your Go:

# %%
from golifelab import claim_board, progress

claim_board(chapter=2, run=True)

# %%
progress()

# %% [markdown]
# What comes next is the linker, which puts such functions together.
#
# Previous: [01 The whole life](01_whole_life.ipynb) · Next: [03 Link](03_link.ipynb)

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
# # Start here
#
# This course follows one small Go program through its whole life: from the text you type, through
# the compiler and the linker, to a running process. Nothing is a drawing of how it might work.
# Every figure comes from the real Go tools on this machine, and most of it changes while you type.
#
# **After this page you can**
#
# - say which parts of the course work on this machine, and what happens without the others;
# - run a lesson, check an exercise and keep your progress;
# - find the lesson you are looking for.
#
# **Time** 10 minutes · **You need** to know a little Go, and nothing about its compiler.

# %% [markdown]
# ## Is everything there?
#
# Click into the next cell and press **Shift + Enter**. That runs it and moves on to the next one.
# The doctor looks for every program that the course can use. Only Go itself is needed; for each of
# the others it says what a lesson does without it.

# %%
from golifelab import doctor

doctor()

# %% [markdown]
# ## One program, ten stations
#
# This is `add`, the main character. A cell that ends in a program shows the **rail**: one station
# for each stage of its life, with live figures. Change something in the editor, for example `+`
# into `*`, and watch which stations notice. A click on a station opens it.
#
# The first time, an observer is built into a copy of your Go compiler. That takes up to a minute
# and happens in the background; until then positions are known by line only, and the rail says so.

# %%
from golifelab import Program, sample

program = sample("add")
program

# %% [markdown]
# A program is a plain value. Each stage hangs off it under the name that Go's own source uses for
# it, and shows itself when a cell ends with it. Here are the tokens, which is all that the compiler
# sees of your text:

# %%
program.tokens

# %% [markdown]
# Every stage can also be had as a table to compute with, and tells you the command that gives the
# same in a terminal.

# %%
print(program.tokens.command)
program.tokens.frame().kind.value_counts().head(8)

# %% [markdown]
# Your own program works just as well. Change the text in the next cell as you like. A mistake is no
# problem: a broken program is a value too, and its errors are a list.

# %%
mine = Program.from_text("""package main

func main() {
	answer := 6 * 7
	println(anwser)
}
""")
for error in mine.errors:
    print(error)

# %% [markdown]
# ## How a lesson goes
#
# The course mirrors a long article about the life of a Go program, which makes 194 claims. We put
# every one of them on trial. Each section goes the same way:
#
# 1. **Claim.** A card says what is claimed.
# 2. **Predict.** You decide whether you believe it. A guess costs nothing and makes you look.
# 3. **Run.** A cell does the experiment, with the real tools.
# 4. **Verdict.** *Confirmed*, *corrected*, *obsolete*, *unverifiable* or *off topic*, with the
#    evidence.
# 5. **Exercise.** You answer something that the text did not say; the answer is checked live.
# 6. **Surprise.** One thing that hardly anybody expects.
#
# Try a card. Choose what you expect, then press the button; or say it in code, as in the cell after
# it. Both do the same.

# %%
from golifelab import claim

claim("c1.05")

# %%
claim("c1.05").predict("confirmed").run()

# %% [markdown]
# ## Exercises
#
# An exercise has `check`, `hint` and `solution`. There are four outcomes: correct, incorrect, not
# attempted, and *cannot be checked here* when this machine lacks what the check needs. An answer
# you have not given yet is never called wrong.
#
# **Exercise 0a.** Which release of Go does this course use on your machine? Put it in place of the
# dots, in quotes.

# %% tags=["answer"]
my_release = ...

# %% tags=["solution"]
from golifelab.toolchain.go import find_go

my_release = find_go().version

# %%
from golifelab import exercise

exercise("0a").check(my_release)

# %% [markdown]
# Stuck? Take a hint, then a clearer one with `hint(2)`. The solution is only a word away, too.

# %%
exercise("0a").hint()

# %% [markdown]
# ## Keys
#
# | key | what it does |
# |---|---|
# | Shift + Enter | run the cell and go to the next |
# | Ctrl + Enter | run the cell and stay |
# | Esc, then A or B | new cell above or below |
# | Esc, then Z | undo a deleted cell |
# | Esc, then 0 0 | restart the kernel; then use *Run → Run All Cells* |
# | Tab | into a widget, and on to its next part |
# | Arrow keys | inside a widget: from station to station, from row to row |
# | Esc | leave a widget |
#
# The square ■ in the toolbar stops a cell that takes too long. Nothing here hangs for ever: every
# tool runs within limits of time and memory.

# %% [markdown]
# ## The map
#
# | lesson | what it follows | minutes |
# |---|---|---|
# | 00 Start here | this page | 10 |
# | [01 The whole life](01_whole_life.ipynb) | source to process: every station once | 75 |
# | [02 Compile](02_compile.ipynb) | tokens, trees, types, your own compiler, SSA, registers | 200 |
# | [03 Link](03_link.ipynb) | symbols, holes, the collector's tables, static and dynamic | 150 |
# | [04 Load and run](04_load_and_run.ipynb) | pages, stacks, start-up, the scheduler | 170 |
# | 05 One program, looked at from all sides (coming) | compare, attribute, explain | 90 |
#
# Start with 01. The later lessons can be read in any order; each says what it builds on.

# %% [markdown]
# ## Keep your progress
#
# What you solve is kept in a small file in your own data folder, never in the notebooks. On a
# machine that forgets, such as Binder, take the line below with you before you leave, and give it
# to `progress().restore("…")` when you come back.

# %%
from golifelab import progress

progress()

# %% [markdown]
# ## In short
#
# - Shift + Enter runs a cell. A program, a stage, a claim shows itself at the end of a cell.
# - `claim("…")`, `exercise("…")`, `quiz("…")`, `progress()` and `doctor()` are all you need to
#   know.
# - Break things. Nothing outside this course is touched.
#
# **Next:** [01 The whole life of a program](01_whole_life.ipynb)

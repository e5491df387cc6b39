# Two commands matter:
#   make lab    the course in JupyterLab, from a fresh clone
#   make test   every check, from a fresh clone
# The work is done by scripts/*.py, which say what they do and skip what is up to date.

PYTHON ?= python3
VENV := .venv/bin
FIRST_PAGE := notebooks/00_start_here.ipynb
LAB_FLAGS ?=
CHECKS ?=
FUZZ_FLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help lab test test-all fuzz lint format bench docs notebooks warm doctor setup setup-test system lock clean

help:  ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

lab: setup  ## open the course in JupyterLab (LAB_FLAGS=--no-browser prints its address only)
	@PATH="$(CURDIR)/$(VENV):$$PATH" exec $(VENV)/golifelab lab $(FIRST_PAGE) $(LAB_FLAGS)

test: setup-test  ## lint, types, import contract, Python, JavaScript, notebooks, real browser
	@$(VENV)/python scripts/check.py $(CHECKS)

test-all: setup-test  ## the same with every supported Go and whole-std comparisons
	@$(VENV)/python scripts/check.py --all $(CHECKS)

fuzz: setup-test  ## for the night: 24,000 damaged files among all readers of bytes (FUZZ_FLAGS="--inputs 99000")
	@$(VENV)/python -m fuzz $(FUZZ_FLAGS)

lint: setup-test  ## the checks that take seconds
	@$(VENV)/python scripts/check.py lint format types imports 'js types'

format: setup-test  ## put the sources into their one form
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format .

bench: setup-test  ## measure: from a keystroke to the repainted page, and the bare compiler
	@$(VENV)/python -m benchmarks

docs: setup-test  ## run the notebooks and write them as a static site into build/site
	@$(VENV)/python scripts/build_site.py

notebooks: setup-test  ## write the notebooks from notebooks/src
	@$(VENV)/python -m golifelab.course.build

warm: setup  ## build ahead what the first pages would build in the background
	@$(VENV)/golifelab warm

doctor: setup  ## what this machine can do, and what each lesson does without
	@$(VENV)/golifelab doctor

setup:
	@$(PYTHON) scripts/setup.py

setup-test:
	@$(PYTHON) scripts/setup.py --test

system: ## try again to install the system programs
	@$(PYTHON) scripts/setup.py --system

lock: setup-test  ## resolve the dependencies anew and write the lock files
	@$(VENV)/python scripts/lock.py

clean:  ## remove everything that make made in this folder
	rm -rf .venv build node_modules golifelab.egg-info .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

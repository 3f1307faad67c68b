# SPDX-License-Identifier: Apache-2.0
# Every target sets up what it needs first; the second time that takes no time.

.DEFAULT_GOAL := help
.PHONY: help run demo test check docs bench bench-quick kill kill-programmes sim mutants lock clean

SETUP := sh tools/setup.sh
PY := .venv/bin/python
RUNS ?= 20
SEED ?= 1
STEPS ?= 2000
WORKERS ?= 2

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

run: ## set up and start a whole country: central bank, banks, people; Ctrl-C ends it
	@$(SETUP) run
	@.venv/bin/kerege up

demo: ## set up and run a guided session with a ledger and its log alone
	@$(SETUP) run
	@.venv/bin/kerege demo

test: ## set up, then every check and every test
	@$(SETUP) dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy $(wildcard src tests benchmarks examples)
	@# No cache: it remembers an import of a module that did not exist yet as one of the package.
	.venv/bin/lint-imports --no-logo --no-cache
	$(PY) -m pytest -n $(WORKERS)

docs: ## rewrite docs/commands.md from the commands' own help
	@$(SETUP) dev
	$(PY) -m tests.regenerate_help

bench: ## measure; prints a table and writes build/bench.json
	@$(SETUP) dev
	$(PY) -m benchmarks

bench-quick: ## the same with smaller sizes, under two minutes
	@$(SETUP) dev
	$(PY) -m benchmarks --quick

kill: ## kill a loaded process at random instants: make kill RUNS=20
	@$(SETUP) dev
	$(PY) -m tests.simulation.kill --runs $(RUNS)

kill-programmes: ## the same with a core full of programmes: make kill-programmes RUNS=20
	@$(SETUP) dev
	$(PY) -m tests.simulation.kill_programmes --runs $(RUNS)

sim: ## simulate with faults: make sim SEED=1 STEPS=2000
	@$(SETUP) dev
	$(PY) -m tests.simulation.run --seed $(SEED) --steps $(STEPS)

mutants: ## mutation testing of the pure rules
	@$(SETUP) dev
	$(PY) -m tests.mutation

lock: ## resolve requirements.lock and requirements-dev.lock anew (needs uv)
	sh tools/lock.sh

clean: ## remove the environment and everything built
	rm -rf .venv build dist mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# `make run` and `make test` are all a newcomer needs; `make` alone lists the rest.
PYTHON ?= python3
BIN = .venv/bin
T ?= tests

.DEFAULT_GOAL = help
.PHONY: help run setup setup-dev test prove check lint types imports templates format \
        bench demo shots migration deps clean

help:  ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: $(if $(filter postgres,$(DB)),setup-dev,setup)  ## serve the portal with demo data (DB=postgres: on PostgreSQL)
	@$(if $(filter postgres,$(DB)),$(BIN)/python -m tools.postgres var/postgres) $(BIN)/flask up

setup:  ## make .venv and install what the portal needs
	@$(PYTHON) tools/setup.py requirements.txt

setup-dev:  ## the same, with what its tests and checks need
	@$(PYTHON) tools/setup.py requirements-dev.txt

test: setup-dev  ## the whole suite on SQLite, PostgreSQL and in Chromium (T=path: a part of it)
	@$(BIN)/python -m pytest $(T)

prove: setup-dev  ## the proofs at full size; their figures go to docs/proofs.md
	@PROOFS=full $(BIN)/python -m pytest -m proof $(T)

check: lint types imports templates  ## everything that needs no running portal

lint: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell

types: setup-dev
	@$(BIN)/mypy

imports: setup-dev
	@$(BIN)/lint-imports --config setup.cfg

templates: setup-dev
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/python -m pytest -q tests/architecture

format: setup-dev  ## put the code into shape
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

bench: setup-dev  ## measure speed; prints ratios (B=pages: one part)
	@$(BIN)/python -m bench $(B)

demo: setup  ## forget everything in var/ and tell the demo story from today
	@$(BIN)/flask demo reset

shots: setup-dev  ## photograph every page as each role into var/shots
	@$(BIN)/python -m tools.shots

migration: setup-dev  ## write the next migration (M="deals get a version")
	@$(BIN)/python -m tools.migration "$(M)"

deps:  ## lock the dependencies again (U=--upgrade: to their newest versions)
	@$(PYTHON) tools/lock.py $(U)

clean:  ## remove what was made, var/ excepted
	@rm -rf .venv .*_cache .coverage .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Two commands: make run, make test. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
T ?=
# The fast installer when it is there, else pip; the same pins either way.
UV := $(shell command -v uv 2>/dev/null)

help: ## list these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Convene needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another: make PYTHON=python3.12 …"; exit 1; }
	@if [ -n "$(UV)" ]; then uv venv -q --allow-existing --python "$$(command -v $(PYTHON))" $(VENV); \
	else $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }; fi

define install
	@if [ -n "$(UV)" ]; then uv pip install -q --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m ensurepip -q 2>/dev/null || true; $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
endef

$(VENV)/.ready: $(VENV)/bin/python requirements/run.txt pyproject.toml
	@echo "Preparing the environment (once; about a minute) …"
	$(call install,requirements/run.txt)
	@if [ -n "$(UV)" ]; then uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements/dev.txt
	@echo "Preparing the test tools (once) …"
	$(call install,requirements/dev.txt)
	@touch $@

# .venv/.ready-postgres and .venv/.ready-pdf: what a site on PostgreSQL, or with certificates as PDF, needs on top.
$(VENV)/.ready-postgres $(VENV)/.ready-pdf: $(VENV)/.ready-%: requirements/%.txt $(VENV)/.ready
	$(call install,requirements/$*.txt)
	@touch $@

run: $(VENV)/.ready ## start Convene on this machine with a demo community; your data is kept
	@$(BIN)/convene run

test: $(VENV)/.ready-dev ## run the tests; T='-k draw -x' passes arguments to pytest
	@tools/test $(T)

check: $(VENV)/.ready-dev ## style, types, borders, translations, migrations
	@tools/check

fix: $(VENV)/.ready-dev ## mend style
	@$(BIN)/ruff check --fix -q . || true
	@$(BIN)/ruff format -q .
	@$(BIN)/python tools/house_reference.py --write

bench: $(VENV)/.ready-dev ## print the figures of benchmarks/
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

pins: $(VENV)/.ready-dev ## compile the pinned requirements anew
	@for name in run dev postgres pdf; do $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header requirements/$$name.in -o requirements/$$name.txt; done

.PHONY: help run test check fix bench pins

# Two commands on a fresh machine: make run, make test. They need Python 3.11 or newer, and make.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The project itself comes from this folder, built by what the lock file holds.
INSTALL := $(PIP) install --no-deps --no-build-isolation --editable .

.PHONY: help run test format lint docs lock clean

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/ready  ## Set up, start the embedded Postgres, replay seeds/, show what is in the database
	@$(BIN)/broadsheet replay seeds

test: .venv/ready-dev  ## Set up with the test tools and run the whole test suite
	@$(BIN)/python -m pytest -q $(ARGS)

format: .venv/ready-dev  ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lint: .venv/ready-dev  ## Check format, lint, import contracts and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

docs: .venv/ready-dev  ## Make docs/sql.md anew from the catalog
	@folder=$$(mktemp -d) && export BROADSHEET_DATA_DIR=$$folder && \
	  $(BIN)/broadsheet db describe > $$folder/sql.md && cp $$folder/sql.md docs/sql.md; \
	  $(BIN)/broadsheet db stop; rm -rf $$folder

lock:  ## Pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --quiet --extra embedded --group build pyproject.toml -o requirements.txt
	uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --quiet --extra embedded --extra export --group dev pyproject.toml -o requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-annotate --no-header --quiet --extra export --group build pyproject.toml -c requirements-dev.txt -o requirements-image.txt

clean:  ## Remove the environment and all caches; the database stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Broadsheet needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "making .venv" >&2
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/ready: .venv/python requirements.txt pyproject.toml
	@echo "installing pinned packages (about a minute, once)" >&2
	@$(PIP) install --require-hashes --requirement requirements.txt
	@$(INSTALL)
	@touch $@

.venv/ready-dev: .venv/python requirements-dev.txt pyproject.toml
	@echo "installing pinned packages and test tools (about a minute, once)" >&2
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@$(INSTALL)
	@touch $@

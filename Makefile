# Tenlines: `make help` lists the targets.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PACKAGES := domain workflows projections adapters web
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup run test check faults bench bench-large pictures audit pins
.DELETE_ON_ERROR:

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## make the virtual environment .venv with pinned dependencies and the command tenlines

$(STAMP): requirements/dev.txt requirements/product.in pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Tenlines needs Python 3.11 or newer. Name one: make setup PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@# Quiet: setuptools warns of every editable install that folders beside it may shadow names.
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation \
	  --no-index --editable .
	@touch $(STAMP)

run: setup ## serve the demonstration on 127.0.0.1, port 8000 or PORT=
	@# The lock is all that a demonstration leaves there that was killed before it was whole.
	@ls -A "$${TENLINES_DATA_DIR:-var}" 2>/dev/null | grep -qvx house.lock || $(BIN)/tenlines demo
	$(BIN)/tenlines serve --port $(PORT)

test: setup ## run every test but the long proofs, PostgreSQL included
	$(BIN)/python -m pytest -n $(WORKERS) -m "not faults"

check: setup ## format, lint, strict types, line files, then every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	$(BIN)/tenlines lines check
	$(MAKE) test

faults: setup ## the long proofs: a thousand kills, a thousand power cuts, fifty crashes
	$(BIN)/python -m pytest -m faults --verbose --capture=no

bench: setup ## measure the speed as ratios and print the table
	$(BIN)/python -m benchmarks

bench-large: setup ## the same at five million events
	$(BIN)/python -m benchmarks --large

pictures: setup ## take the pictures of README.md anew, of the demonstration in chromium
	$(BIN)/python -m docs.pictures

audit: setup ## look for known holes in our code and in the pins of the product
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml $(PACKAGES)
	@# Strict: what could not be looked up is not clean.
	@$(BIN)/pip-audit --strict --requirement requirements/product.txt --require-hashes --disable-pip || \
	  { echo "Not clean: either a hole is named above, or a package could not be looked up there," \
	    "and then nothing is known of any of them." >&2; exit 1; }

# No header, options, index or folder is written, so that the files are the same wherever made.
# Resolve on the oldest Python that we promise: the newer ones need no more than it does.
COMPILE = ../$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

pins: setup ## resolve requirements/*.in anew into pins with hashes (UPGRADE=--upgrade for newer ones)
	cd requirements && $(COMPILE) $(UPGRADE) --output-file product.txt product.in
	cd requirements && $(COMPILE) $(UPGRADE) --output-file dev.txt dev.in

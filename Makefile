# Needs Python 3.11 or later and make; everything else comes from the hashed lock files.
# The environment passes through: `DUBAN_PORT=9000 make run` works as one expects.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Without build isolation the installation downloads nothing that is not in a lock.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
OURSELVES := $(INSTALL) --no-deps --no-build-isolation --editable .
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --quiet
# `make lock LOCKFLAGS=--upgrade` moves every version; without it, only what pyproject.toml demands.
LOCKFLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check bench lock clean

help:
	@echo "make run     start Duban on this machine"
	@echo "make test    run the tests (pass options in ARGS)"
	@echo "make check   lint, types, dependency rule"
	@echo "make bench   run the benchmarks"
	@echo "make lock    renew the lock files"
	@echo "make clean   remove what make made"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Duban needs Python 3.11 or later (set PYTHON=...)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Stamps: a lock is installed again only when it changed.
$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes --requirement requirements/run.txt
	$(OURSELVES)
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	$(INSTALL) --require-hashes --requirement requirements/test.txt
	@touch $@

$(VENV)/check.stamp: requirements/check.txt $(VENV)/test.stamp
	$(INSTALL) --require-hashes --requirement requirements/check.txt
	@touch $@

run: $(VENV)/run.stamp
	@exec $(BIN)/duban run

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/check.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: $(VENV)/test.stamp
	$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/check.stamp
	$(COMPILE) $(LOCKFLAGS) --group build --output-file requirements/run.txt
	$(COMPILE) $(LOCKFLAGS) --group build --group test \
		--constraint requirements/run.txt --output-file requirements/test.txt
	$(COMPILE) $(LOCKFLAGS) --group build --group test --group check \
		--constraint requirements/test.txt --output-file requirements/check.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# `make` alone lists the targets. Everything is installed into .venv; pip's own settings
# (PIP_INDEX_URL, PIP_CERT, ...) are used as they are.

PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin

# make run BASE=... OTHER=... RUNS=... ARGS='--set queue.billing.volume=+10%'
BASE    ?= scenarios/power_of_one.toml
OTHER   ?= scenarios/one_agent_late.toml
RUNS    ?= 20
ARGS    ?=

# make test WORKERS=4 TESTS=tests/unit
WORKERS ?= 2
TESTS   ?= tests

# make bench LONG=--long  # also what takes minutes
LONG    ?=

# The checks run with the releases of this file, compared by their hashes; with LOCK= with the
# newest that pyproject.toml allows. scripts/lock.sh renews it.
LOCK    ?= requirements-lock.txt

# The tests start hundreds of processes: modules are kept as bytecode, also where that is off.
test: export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test app bench verify clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.installed  ## install, simulate two shipped scenarios and compare them
	$(BIN)/ccplan compare $(BASE) $(OTHER) --runs $(RUNS) $(ARGS)

test: $(VENV)/.installed-test  ## every check: ruff, mypy, pytest
	@scripts/chromium.sh $(VENV)/.no-chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# These compile the engine, before the workers would side by side; mypy has the other core.
	$(BIN)/mypy --strict sim ccplan verification benchmarks scripts planner_app.py & types=$$!; \
	    $(BIN)/ccplan run transient_day --runs 1 > /dev/null && \
	    $(BIN)/ccplan run retail_monday --runs 1 > /dev/null && \
	    $(BIN)/ccplan staff power_of_one --method simulation --time-limit 1s > /dev/null && \
	    wait $$types
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m 'not slow' $(TESTS)

app: $(VENV)/.installed  ## open the planner in the browser
	$(BIN)/ccplan app

bench: $(VENV)/.installed-test  ## measure the speed of what has to be fast
	$(BIN)/python -m benchmarks --write $(LONG)

verify: $(VENV)/.installed-test  ## formulas and simulation against what is known; takes minutes
	$(BIN)/python -m verification --workers $(WORKERS)
	$(BIN)/python -m verification.forecasts
	$(BIN)/python -m pytest -q -n $(WORKERS) --hypothesis-profile explore $(TESTS)/property
	$(BIN)/python -m pytest -q -n $(WORKERS) -m slow $(TESTS) || [ $$? -eq 5 ] # 5: no slow test

clean:  ## remove .venv, caches and builds
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find sim ccplan tests benchmarks verification -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: an install is repeated only when what is to be installed has changed.

$(VENV)/.installed: pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install -q -e '.[all]'
	@touch $@

$(VENV)/.installed-test: pyproject.toml $(LOCK) | $(BIN)/pip
ifneq ($(LOCK),)
	@$(BIN)/python -m pip install -q --require-hashes -r $(LOCK) || { echo \
	    "the releases of $(LOCK) cannot be installed here as they stand; to take others, without" \
	    "hashes: make test LOCK=" >&2; exit 1; }
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
else
	$(BIN)/python -m pip install -q -e '.[test]'
endif
	@touch $(VENV)/.installed $@

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "ccplan needs Python 3.11 or later: make PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
	    { rm -rf $(VENV); echo "on Debian: apt-get install python3-venv" >&2; exit 1; }

# Both commands need Python 3.11 or newer and make, nothing else; all they install goes to .venv.

PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; exit; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
DEMO := .venv/demo.db

.PHONY: demo test format clean

demo: .venv/run.stamp ## sets up, sends the same order twice, prints both decisions
	@rm -f $(DEMO) $(DEMO)-wal $(DEMO)-shm
	@echo '$$ leadlark run rules/shop order.json --store sqlite:///demo.db'
	@$(BIN)/leadlark run rules/shop rules/shop/order.json --store sqlite:///$(DEMO)
	@echo
	@echo '$$ leadlark run rules/shop order.json --store sqlite:///demo.db   # the same once more'
	@$(BIN)/leadlark run rules/shop rules/shop/order.json --store sqlite:///$(DEMO)

test: .venv/test.stamp ## sets up, passes every check that CI makes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict engine
	$(BIN)/python -m pytest -n 2
	$(BIN)/leadlark check --strict rules
	$(BIN)/leadlark test rules

format: .venv/test.stamp ## puts the code into its canonical layout
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "LeadLark needs Python 3.11 or newer; none was found" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.stamp: pyproject.toml | .venv/bin/python
	$(PIP) install --editable .
	@touch $@

.venv/test.stamp: pyproject.toml | .venv/bin/python
	$(PIP) install --editable '.[test]'
	@touch $@ .venv/run.stamp

# What the README's two commands do, and the chores of working on the code.

BIN := .venv/bin

.PHONY: demo test format clean

demo: .venv/installed ## decide the reference order against an SQLite store
	$(BIN)/leadlark run rules/reference/order.channel rules/reference/order.json --store sqlite:///leadlark.db

test: .venv/installed ## every check and test that CI runs
	$(BIN)/python -m pytest -n auto

format: .venv/installed ## put the code into its canonical layout
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/installed: pyproject.toml
	python3 -m venv .venv
	$(BIN)/pip install --quiet --editable '.[test]'
	@touch $@

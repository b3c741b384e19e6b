# Thin wrappers around the plain commands that README.md shows.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: help serve test test-slow bench bench-quick bench-full findings pictures check fmt docs clean
help:
	@echo "make serve   open the dataset in Datasette on 127.0.0.1:8001"
	@echo "make test    run the tests"
	@echo "make test-slow  kill every writer 100 times more"
	@echo "make findings  write docs/findings.md from the data"
	@echo "make pictures  take the README's pictures of the site anew"
	@echo "make bench   what validation, build and load cost beside peers, how long a check takes, how the site holds up"
	@echo "make bench-quick, bench-full  the first of these on 0.3 million rows only, and on 30 million too"
	@echo "make check   format, lint, types, canonical CSVs, codebook, frictionless"
	@echo "make fmt     write code, CSVs and codebook as they should be"

$(VENV)/.site: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[site]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.site

serve: $(VENV)/.site
	$(BIN)/onrecord serve

test: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist loadgroup

test-slow: $(VENV)/.dev
	$(BIN)/pytest -n auto -m slow

bench: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m bench
	PYTHONPATH=tests $(BIN)/python -m bench.watch
	PYTHONPATH=tests $(BIN)/python -m bench.site

bench-quick: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m bench --quick

bench-full: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m bench --full

findings: $(VENV)/.dev
	$(BIN)/python scripts/findings.py

pictures: $(VENV)/.dev
	$(BIN)/python tests/pictures.py

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/onrecord fmt --check
	$(BIN)/onrecord docs --check
	$(BIN)/onrecord validate
	$(BIN)/frictionless validate datapackage.json

fmt: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m onrecord.ahead
	$(BIN)/onrecord fmt
	$(BIN)/onrecord docs

clean:
	rm -rf build dist .bench $(VENV)

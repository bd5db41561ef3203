# `make demo` and `make test` are all a newcomer needs: git, make and Python 3.11 (or 3.12, 3.13).
# Each makes its virtual environment in .venv on first use, from locked and hashed requirements.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help install demo test quick lint check format schemas audit pictures lock browser-tools clean

VENV ?= .venv
BIN := $(VENV)/bin
# The first interpreter of a version that Topline runs on; `make PYTHON=/path/to/python test` takes another.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(VENV)/for-use ## put topline into .venv, with what it needs
	@echo "Now: source $(BIN)/activate"

demo: $(VENV)/for-use ## run both example studies from question to report, at 127.0.0.1
	@$(BIN)/topline demo

test: $(VENV)/for-work lint ## check the code, then run the whole suite with its coverage
	@$(BIN)/python -m pytest --cov -n auto --dist loadfile

quick: $(VENV)/for-work ## the suite without Chromium and without the slow tests
	@$(BIN)/python -m pytest -m "not browser and not slow" -n auto --dist loadfile

lint: $(VENV)/for-work ## ruff, mypy and the rules of who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check: lint ## the same as lint

format: $(VENV)/for-work ## put the code in the house's layout
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

schemas: $(VENV)/for-use ## write the JSON Schemas and the reference pages anew, from the shapes and the docstrings
	@PYTHONPATH=src:. $(BIN)/python -m tools.schemas

audit: $(VENV)-audit/for-audit ## look for known vulnerabilities of what users install
	@$(VENV)-audit/bin/pip-audit --require-hashes --disable-pip --progress-spinner off -r requirements/use.txt

pictures: $(VENV)/for-work ## take the pictures of README.md anew, with Chromium
	@PYTHONPATH=src:. $(BIN)/python -m tools.pictures

browser-tools: ## fetch what the browser tests need beside Chromium (npm)
	@npm ci --prefix tests/web --ignore-scripts --no-audit --no-fund --silent

# Extras stay in the lock: pip takes `coverage[toml]` for another package than the pinned `coverage`.
LOCK = uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-header --no-emit-index-url --no-emit-find-links --quiet $(if $(UPGRADE),--upgrade)
lock: ## write requirements/*.txt anew from pyproject.toml; UPGRADE=1 takes newer versions
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 2; }
	@$(LOCK) --group build --group dev -o requirements/work.txt
	@$(LOCK) --group build -c requirements/work.txt -o requirements/use.txt
	@uv pip compile --group pyproject.toml:audit --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-header --no-emit-index-url --no-emit-find-links --quiet -o requirements/audit.txt

clean: ## remove the virtual environment and everything else that can be made again
	@rm -rf $(VENV) $(VENV)-audit .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov dist build

# --- the virtual environment ---------------------------------------------------------------------------
$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "Topline needs Python 3.11, 3.12 or 3.13; found: $$(python3 --version 2>&1 || echo none)." >&2; \
		echo "On Debian 12 or later: apt install python3 python3-venv. Or: make PYTHON=/path/to/python3.11 ..." >&2; \
		exit 2; }
	@echo "Making $(VENV) with $$($(PYTHON) --version); this happens once."
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); echo "On Debian: apt install python3-venv" >&2; exit 2; }

$(VENV)/for-use: requirements/use.txt pyproject.toml | $(BIN)/python
	@$(INSTALL) --require-hashes -r requirements/use.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)-audit/for-audit: requirements/audit.txt
	@$(PYTHON) -m venv --clear $(VENV)-audit
	@$(VENV)-audit/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/audit.txt
	@touch $@

$(VENV)/for-work: requirements/work.txt $(VENV)/for-use | $(BIN)/python
	@echo "Fetching what the tests need."
	@$(INSTALL) --require-hashes -r requirements/work.txt
	@touch $@

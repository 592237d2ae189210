# `make help` lists what follows. Needs Python 3.11 or newer, and nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run rehearse bench test check fmt messages client lock audit chromium clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# The tools open the settings, which keep secrets in a data folder: never the user's.
TOOLS := COMPTOIR_DATA=$(CURDIR)/build/tools

##@ Use

run: $(VENV)/.installed ## Start everything on http://127.0.0.1:8600 (ARGS='--port 8601')
	@exec $(BIN)/comptoir up $(ARGS)

rehearse: $(VENV)/.installed ## Play a selling day and compare all sides (ARGS='--seed 7 --faults harsh')
	@exec $(BIN)/comptoir rehearse $(ARGS)

bench: $(VENV)/.installed ## Measure; results in bench/latest.json (ARGS='--only order_intake_vs_copy')
	@exec $(BIN)/comptoir bench $(ARGS)

##@ Work on it

test: $(VENV)/.installed-dev chromium ## Every test, the browser's too (ARGS='-k orders')
	@tools/with-chromium $(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.installed-dev ## Style, types, layers, migrations, templates, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(TOOLS) $(BIN)/mypy src
	$(BIN)/lint-imports --config pyproject.toml
	$(TOOLS) $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run \
		--settings comptoir.config.settings
	$(BIN)/djlint --check --lint src
	$(BIN)/python tools/catalogues.py check src

fmt: $(VENV)/.installed-dev ## Put the code and the templates in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint --reformat --quiet src

messages: $(VENV)/.installed-dev ## Collect the texts to translate (needs gettext), compile the catalogues
	@command -v xgettext >/dev/null || { echo "xgettext is missing: apt install gettext" >&2; exit 1; }
	cd src/comptoir && $(TOOLS) ../../$(BIN)/python -m django makemessages --locale fr --no-location --no-obsolete \
		--settings comptoir.config.settings
	$(BIN)/python tools/catalogues.py compile src

client: $(VENV)/.installed-dev ## Make the Python client of the API again (needs the network)
	tools/make-client $(BIN)/python $(BIN)/uv

lock: $(VENV)/.installed-dev ## Choose the newest versions that fit, with their hashes (needs the network)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade \
		pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --upgrade \
		--extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock

audit: $(VENV)/.installed-dev ## Known vulnerabilities of the dependencies (needs the network)
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements-dev.lock

clean: ## Remove what was installed and built; data/ is kept
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

##@ Help

help: ## This
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

chromium:
	@tools/find-chromium >/dev/null || tools/install-chromium

# Stamped: a second call costs nothing, a new lock file installs again.
$(VENV)/bin/python:
	@tools/make-venv $(PYTHON) $(VENV)

$(VENV)/.installed: requirements.lock tools/link-project | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@tools/link-project $(VENV)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

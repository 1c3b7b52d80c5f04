# Linli: `make` lists what there is.
SHELL := /bin/bash
# Debian builds its own Python for speed; one compiled without that is slower.
CAN_BE_USED := import ensurepip, sqlite3, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(shell /usr/bin/python3 -c '$(CAN_BE_USED)' 2>/dev/null && echo /usr/bin/python3) python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# Tests that invent their input: by night much more of it.
INVENTING = $(shell grep -rl --include='test_*.py' 'tests.examples import examples' tests linli)
# Compiled modules are kept, whatever the shell says: each process of a test would compile all anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup system lock demo serve test test-sqlite test-postgres test-changed clients lint bench wheel rehearse-deploy nightly docs messages shots clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

system: ## system packages that the product and its tests need (Debian)
	@tools/system-packages

# uv takes seconds where pip takes minutes; it comes by pip, pinned like everything else.
$(VENV)/.done: requirements/dev.txt requirements/uv.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "· Python packages"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.done: package.json package-lock.json
	@echo "· browser packages"
	@npm ci --silent --no-audit --no-fund
	@touch $@

linli/faces/web/static/built/.done: node_modules/.done $(shell find linli/faces/web/assets -type f 2>/dev/null)
	@echo "· styles and scripts"
	@npm run --silent build
	@touch $@

setup: system $(VENV)/.done linli/faces/web/static/built/.done ## install everything
	@$(BIN)/linli messages --compile

demo: setup ## 潘火街道 with 47,164 residents, on http://127.0.0.1:$(PORT)
	@$(BIN)/linli demo --port $(PORT)

serve: setup ## this installation
	@$(BIN)/linli serve --port $(PORT)

test: setup var/clients/.done ## lint, types, contracts, all tests on SQLite and PostgreSQL
	@$(BIN)/python tools/cpu_cost.py --bound 1700 lint test-sqlite test-postgres

test-sqlite: ## the suite on the embedded default
	@$(BIN)/pytest -n 3 --dist worksteal --durations 25

test-postgres: ## what touches the database again on PostgreSQL
	@LINLI_TEST_DATABASE=postgres $(BIN)/pytest -m "postgres and not nightly" -p no:cacheprovider -n 3 --dist worksteal

test-changed: ## the tests that what you changed touches (tools/affected_tests.py --dry-run lists them)
	@$(BIN)/python tools/affected_tests.py

lint: ## ruff, formats, templates, mypy, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/djlint --lint --quiet linli
	@$(BIN)/python tools/lint_templates.py
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: setup ## the figures of docs/figures.md
	@$(BIN)/python -m bench

var/clients/.done: requirements/clients.txt
	@echo "· programs of others that speak with ours"
	@$(BIN)/uv venv -q --allow-existing var/clients
	@$(BIN)/uv pip install -q --python var/clients/bin/python --require-hashes -r requirements/clients.txt
	@touch $@

clients: setup var/clients/.done ## programs of others (georeport, civicbot, vdirsyncer) speak with the running server
	@$(BIN)/pytest linli/integrations/open311/tests/test_outside_clients.py linli/capabilities/calendar/tests/test_outside_client.py


rehearse-deploy: wheel ## install deploy/ into a scratch root and drive it: nginx, workers, PostgreSQL
	@tools/system-packages rehearsal
	@$(BIN)/python -m tools.rehearsal

nightly: export LINLI_CHROMIUM := /usr/bin/chromium
nightly: setup clients ## the long jobs
	@tools/system-packages rehearsal
	@LINLI_WALK=whole $(BIN)/pytest -m nightly --timeout 3600
	@LINLI_WALK=whole LINLI_TEST_DATABASE=postgres $(BIN)/pytest -m "nightly and postgres" -p no:cacheprovider --timeout 3600
	@LINLI_WALK=whole $(BIN)/pytest tests/guards -m "not nightly" --timeout 3600
	@LINLI_EXAMPLES=1000 $(BIN)/pytest $(INVENTING) --timeout 3600
	@LINLI_EXAMPLES=1000 LINLI_TEST_DATABASE=postgres $(BIN)/pytest -m "postgres and not nightly" -p no:cacheprovider $(INVENTING) --timeout 3600
	@$(MAKE) rehearse-deploy

docs: ## write the pages made from code
	@$(BIN)/linli docs

messages: ## refresh the catalogues of translations
	@$(BIN)/linli messages

wheel: setup ## what a server installs: dist/linli-VERSION-py3-none-any.whl and linli-VERSION.tar.gz
	@$(BIN)/python tools/make_wheel.py

shots: ## the pictures of the README
	@$(BIN)/python tools/make_pictures.py

lock: ## pin what requirements/*.in ask for
	@$(BIN)/uv pip compile -q -U --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/run.in -o requirements/run.txt
	@$(BIN)/uv pip compile -q -U --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/dev.in -o requirements/dev.txt
	@$(BIN)/uv pip compile -q -U --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/clients.in -o requirements/clients.txt
	@$(BIN)/uv pip compile -q -U --generate-hashes --no-emit-index-url --no-emit-find-links --no-header requirements/uv.in -o requirements/uv.txt

clean: ## remove what was built, not your data
	@rm -rf $(VENV) node_modules linli/faces/web/static/built dist .mypy_cache .ruff_cache .pytest_cache

# All commands of this project. `make demo` and `make test` work from a fresh clone with a stock Python >= 3.11.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# Tests wait for servers, browsers and clocks: two workers leave a third of two processors unused.
WORKERS ?= 3
# Passed on to pytest: make test ARGS="tests/centers -k holiday"
ARGS ?=
# What runs where and why: docs/testing.md. Bytecode is kept, also where the shell says not to write any, but not between
# the sources: else each worker compiles all test modules anew, and each process that a test starts all of the portal.
COMPILED = env -u PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX=$(CURDIR)/.pytest_cache/bytecode
PYTEST = $(COMPILED) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

.PHONY: audit sbom help demo demo-reset check test test-looks test-sqlite test-postgres test-faults test-load bench lint requirements migrations messages

help:
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Setting up the environment in $(VENV), once …"
	@$(PYTHON) -m venv $(VENV) || { echo "Python lacks venv; on Debian: apt install python3-venv"; rm -rf $(VENV); exit 1; }

# Stamp files, so that a second run starts at once. dev.txt includes base.txt.
$(VENV)/dev.stamp: requirements/dev.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $(VENV)/base.stamp $@

$(VENV)/base.stamp: requirements/base.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

demo: $(VENV)/base.stamp ## try it: environment, demo data, web server and dispatcher on PORT=8000
	@PORT=$(PORT) $(BIN)/python -m portal.demo

demo-reset: $(VENV)/base.stamp ## throw the demo's data away and start over
	@rm -f var/demo.clock var/demo.sqlite3 var/demo.sqlite3-wal var/demo.sqlite3-shm var/demo.sqlite3-queue
	@PORT=$(PORT) $(BIN)/python -m portal.demo

check: $(VENV)/dev.stamp ## lint and the fast tests of what changed, within a minute
	@unset DATABASE_URL REDIS_URL; $(COMPILED) $(BIN)/python -m tests.check

test: $(VENV)/dev.stamp ## the whole suite, on SQLite and on PostgreSQL with Redis
	@sqlite=0; $(MAKE) --no-print-directory test-sqlite || sqlite=1; \
	postgres=0; $(MAKE) --no-print-directory test-postgres || postgres=1; \
	verdict() { [ $$1 = 0 ] && echo passed || echo FAILED; }; \
	echo "make test: SQLite $$(verdict $$sqlite), PostgreSQL $$(verdict $$postgres)"; \
	[ $$sqlite$$postgres = 00 ]

test-sqlite: $(VENV)/dev.stamp
	@echo "== SQLite"
	@unset DATABASE_URL; $(PYTEST) -m "not looks" $(ARGS)

test-postgres: $(VENV)/dev.stamp
	@echo "== PostgreSQL and Redis"
	@$(BIN)/python -m tests.servers postgres redis -- $(PYTEST) -m "not looks" --database-only $(ARGS)

test-looks: $(VENV)/dev.stamp ## every page in all widths and looks, by axe
	@unset DATABASE_URL; $(PYTEST) -m looks $(ARGS)

test-faults: $(VENV)/dev.stamp ## kills and failures in full counts, on both databases; half an hour
	@FAULTS=full $(MAKE) --no-print-directory test WORKERS=0 ARGS="tests/faults tests/operations -q -s $(ARGS)"

test-load: $(VENV)/dev.stamp ## crowds in full counts, on both databases
	@LOAD=full $(MAKE) --no-print-directory test WORKERS=0 ARGS="tests/load -q -s $(ARGS)"

bench: $(VENV)/dev.stamp ## the benchmarks, each as a ratio beside its target
	@$(BIN)/python -m benchmarks

lint: $(VENV)/dev.stamp ## everything that can be judged without running a test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/mypy
	$(BIN)/lint-imports
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run

# Of CI and the release, beside the portal's own environment.
RELEASE := .venv-release
$(RELEASE)/release.stamp: requirements/release.txt
	@$(PYTHON) -m venv $(RELEASE)
	@$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/release.txt
	@touch $@

audit: $(RELEASE)/release.stamp ## known vulnerabilities of what is pinned; asks a service on the internet
	$(RELEASE)/bin/pip-audit --disable-pip --require-hashes --requirement requirements/base.txt

sbom: $(RELEASE)/release.stamp ## the bill of materials of a release: var/sbom.json (CycloneDX)
	@mkdir -p var
	$(RELEASE)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON \
		--output-file var/sbom.json requirements/base.txt

# Without an index URL: this machine's pip configuration must not leak into the compiled files.
COMPILE = env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
	CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(ARGS)

requirements: | $(BIN)/python ## compile requirements/*.txt anew from pyproject.toml
	$(BIN)/python -m pip install --quiet pip-tools
	$(COMPILE) --output-file=requirements/base.txt pyproject.toml
	$(COMPILE) --constraint=requirements/base.txt --extra=dev --output-file=requirements/dev.txt pyproject.toml
	$(COMPILE) --constraint=requirements/base.txt --extra=release --output-file=requirements/release.txt pyproject.toml

migrations: $(VENV)/dev.stamp ## write missing migrations: make migrations ARGS="centers -n add_rooms"
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations $(ARGS)

messages: $(VENV)/dev.stamp ## collect the strings to translate into locale/en
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemessages -l en --no-wrap --no-location \
		--ignore=.venv --ignore=var --ignore=tests --ignore=staticfiles
	@sed -i '/^"POT-Creation-Date:/d; /^"Report-Msgid-Bugs-To:/d' locale/en/LC_MESSAGES/django.po

# The two commands that matter: `make serve` and `make test`. Everything lives in .venv; nothing needs root.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What the extra `files` adds to the core.
FILES := arro3-core|arro3-io|certifi|pmtiles|pyogrio

.DEFAULT_GOAL := help
.PHONY: help serve files test check format consumers locks openapi clean

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

serve: $(VENV)/.core  ## Publish the seeds and serve API and map on http://127.0.0.1:8000 (PORT=8123 chooses)
	@$(BIN)/foundling publish
	@exec $(BIN)/foundling serve --port $(PORT)

# Citations in stored files begin with the public address, so publish, export and serve have to agree on it.
serve files: export FOUNDLING_PUBLIC_URL ?= http://127.0.0.1:$(PORT)

files: $(VENV)/.core  ## Install what writes GeoParquet, FlatGeobuf, GeoPackage and PMTiles, and store the files of the release
	@awk '/^[a-z]/ { wanted = /^($(FILES))==/ } wanted' requirements-dev.lock > $(VENV)/files.lock
	@$(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check --quiet install --require-hashes --no-deps \
		--requirement $(VENV)/files.lock
	@$(BIN)/foundling publish

test: check  ## Install what tests need, run every check and every test
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

check: $(VENV)/.dev  ## Lint, types, import contracts, generated files, seeds
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/foundling openapi --check
	@$(BIN)/foundling check

format: $(VENV)/.dev  ## Format the code and mend what can be mended
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

openapi: $(VENV)/.dev  ## Write openapi/openapi.json and openapi/incident.schema.json anew
	@$(BIN)/foundling openapi --write

consumers: $(VENV)/.dev  ## By hand: have every tool that is installed open the data, and write down which did
	@$(BIN)/python -m tests.consumers.record
	@$(BIN)/foundling openapi --write

locks:  ## Resolve both lock files anew (needs uv)
	uv lock --quiet
	uv export --quiet --no-header --no-emit-project --group build --no-dev --output-file requirements.lock > /dev/null
	uv export --quiet --no-header --no-emit-project --group build --group dev --output-file requirements-dev.lock > /dev/null

clean:  ## Remove the virtual environment, the database and all caches
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Foundling needs Python 3.11 or newer: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

# pip from outside works without ensurepip, which Debian packages apart; it needs pip 22.3 or newer.
$(VENV)/.core: requirements.lock pyproject.toml | $(VENV)/bin/python
	@$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.core

define install
	echo "Installing $(1) into $(VENV) …"; \
	$(PYTHON) -m pip --version > /dev/null 2>&1 \
		|| { echo "Foundling needs pip: apt-get install python3-pip" >&2; exit 1; }; \
	pip="$(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check --quiet"; \
	$$pip install --require-hashes --requirement $(1) \
		&& $$pip install --no-deps --no-build-isolation --editable .
endef

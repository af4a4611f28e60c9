PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help sandbox pictures try test crash chaos mutants crowd lint bench lock clean

help:  ## List what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/run: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.txt
	PYTHONWARNINGS=ignore $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.txt
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

sandbox: $(VENV)/run  ## Try Callgate in a browser, with an emulated Slack and PolyAI
	@$(BIN)/callgate sandbox

pictures: $(VENV)/dev  ## Take the README's pictures of the sandbox (needs Chromium)
	$(BIN)/python -m tests.browser.pictures docs/pictures

try: $(VENV)/run  ## Play one whole call against the emulated Slack and PolyAI
	$(BIN)/callgate sandbox --script

test: $(VENV)/dev  ## Run every test
	$(BIN)/python -m pytest

crash: $(VENV)/dev  ## Have the bot die at every place between two effects
	$(BIN)/python -m pytest tests/crash

chaos: $(VENV)/dev  ## Run it among faults and kills for five minutes (CHAOS="--seed 7 --rounds 3")
	$(BIN)/python -m tests.chaos $(CHAOS)

mutants: $(VENV)/dev  ## Change each rule in small ways; the tests must notice (MUTANTS="hours.py whom.py")
	$(BIN)/python -m tests.mutation $(MUTANTS)

crowd: $(VENV)/dev  ## Have a thousand calls end at once in one channel, within Slack's limits
	$(BIN)/python -m tests.crowd $(CROWD)

lint: $(VENV)/dev  ## Check style, types and import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/dev  ## Measure, side by side, and print the tables (BENCH="load" for one section)
	$(BIN)/python -m benchmarks $(BENCH)

lock: $(VENV)/dev  ## Pin the requirements anew, with hashes
	$(PIP) install pip-tools
	$(LOCK) -o requirements.txt pyproject.toml
	$(LOCK) --extra dev -o requirements-dev.txt pyproject.toml

LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
	--allow-unsafe --build-deps-for=editable --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

clean:  ## Remove everything that was made
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

# Two commands on a fresh machine: `make demo` and `make test`.
# They need Python 3.11 or newer, make and a package index, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
# With `make demo ENGINE=hibari`, near-human voices read the demo.
ENGINE ?=
EXTRA := $(if $(filter auto,$(ENGINE)),cast,$(ENGINE))

.PHONY: demo test test-all test-browser lint types unit reference recording sample pictures bench named clean

demo: $(VENV)/.installed$(if $(EXTRA),-$(EXTRA))
	$(BIN)/fullcast render examples/three-chapters.txt --voices examples/three-chapters.voices.yaml \
		$(if $(ENGINE),--engine $(ENGINE))

test: lint types unit

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.installed-dev
	$(BIN)/mypy

unit: $(VENV)/.installed-dev
	$(BIN)/pytest -n $(JOBS)

# The tests marked `slow` as well: whole tables of which `make test` takes a few cases.
test-all: lint types $(VENV)/.installed-dev
	$(BIN)/pytest -n $(JOBS) -m ""

# Needs Chromium (Debian: apt install chromium), and npm for the accessibility checker.
test-browser: $(VENV)/.installed-browser
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
		echo "install Chromium first: apt install chromium"; exit 1; }
	FULLCAST_AXE=$(VENV)/browser/node_modules/axe-core/axe.min.js $(BIN)/pytest tests/browser

# docs/commands.md, from click; run it after a change of a command or an option.
reference: $(VENV)/.installed
	$(BIN)/python -m tools.reference

# docs/terminal.svg, from a real run; on an idle machine, as it shows how long a render took.
recording: $(VENV)/.installed
	$(BIN)/python -m tools.recording

# docs/sample.opus: a few paragraphs of the demo in five voices of kokoro (121 MB to download).
sample: $(VENV)/.installed-kokoro
	$(BIN)/fullcast voices install kokoro
	$(BIN)/python -m tools.sample

# docs/*.webp: the proof page, the player and the report of the demo, in Chromium.
pictures: $(VENV)/.installed-browser
	$(BIN)/python -m tools.pictures

# Needs novels as plain text; ten hours take some 610,000 characters. With BASE, the folder of another
# checkout that has a .venv, it times both in turns and prints how they compare.
BOOK ?=
BASE ?=
bench: named $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks$(if $(BASE),.against $(BASE)) $(BOOK)

named:
	$(if $(BOOK),,$(error name novels in plain text: make bench BOOK="one.txt another.txt"))

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

# .installed-dev, .installed-hibari: with an extra.
$(VENV)/.installed-%: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[$*]'
	touch $@

$(VENV)/.installed-browser: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[browser]'
	npm install --silent --no-fund --no-audit --prefix $(VENV)/browser axe-core@4
	touch $@

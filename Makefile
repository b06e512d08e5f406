# corrigenda: every target sets itself up (a .venv beside this file); a second call is quick.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
READY   := $(VENV)/.ready
EDITION ?=
WITNESS ?=
ACCEPT  ?=
TEXT    ?=
PAIRS   ?=
TO      ?= my-rules
FEW     ?=
LONG    ?=

.PHONY: help edition test check language train bench bench-order format clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 14

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "corrigenda needs Python 3.11 or later; $(PYTHON) is older. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

edition: $(READY)  ## build every edition whose witness is at hand (EDITION=name, WITNESS=path, ACCEPT=1)
	@$(BIN)/python -m pipeline editions $(if $(EDITION),--only $(EDITION)) $(if $(WITNESS),--witness $(WITNESS)) $(if $(ACCEPT),--accept)

test: $(READY)  ## run the tests (skips what this machine lacks, and says so)
	@$(BIN)/python -m pytest -rs

check: $(READY)  ## ruff, mypy --strict and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/test_layers.py -n 0

language: $(READY)  ## build the language evidence from folders of texts (CORPUS="old=DIR modern=DIR")
	@$(BIN)/python -m pipeline.language.build $(CORPUS)

train: $(READY)  ## learn misreadings from pages with their truth (PAIRS="pairs.jsonl folder" TO=my-rules; else our own tables anew)
ifneq ($(strip $(PAIRS)),)
	@$(BIN)/python -m bench.misread --to $(TO) $(PAIRS)
else
	@$(BIN)/python -m bench.misread --write
	@$(BIN)/python -m bench.certainty --write
endif

bench: $(READY)  ## measure repair beside its peers and write bench/RESULTS.md (FEW=5 a set; LONG=1 a million words)
	@$(BIN)/python -c 'import spellchecker, symspellpy' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@$(BIN)/python -m bench.results $(if $(FEW),--few $(FEW)) $(if $(LONG),--long)

bench-order: $(READY)  ## print, impose and put in order books of every scheme (TEXT="file ..." for texts of your own)
	@$(BIN)/python -m bench.imposed $(TEXT)

format: $(READY)  ## sort imports and mend what ruff can
	@$(BIN)/ruff check --fix .

clean:  ## remove what was made (not the .venv)
	@rm -rf edition/*/out .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

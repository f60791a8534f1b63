# Every target sets up what it needs. `make demo` and `make test` are all a newcomer has to know.
VENV   := .venv
PYTHON := $(VENV)/bin/python
OUT    ?= reports/demo

.PHONY: demo demo-account test check lint format docs lab bench wheel lock clean

demo: $(VENV)/.core ## assess the embedded demo account: collect to PDF, no credentials
	$(VENV)/bin/assaybook demo -o $(OUT)
	@echo "open $(OUT)/report.pdf or $(OUT)/report.html"

test: $(VENV)/.dev ## run all tests
	$(PYTHON) -m pytest -n 2 --dist loadgroup

check: lint test ## format, lint, types, tests

lint: $(VENV)/.dev ## format, lint, types; changes nothing
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

format: $(VENV)/.dev ## put format and order of imports right
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

docs: $(VENV)/.dev ## make the pages that come from data
	$(PYTHON) -m assaybook.pages docs

# JupyterLab makes a random token of its own. What was changed in reports/lab stays; FLAGS="--no-browser" and the like go to JupyterLab.
lab: $(VENV)/.core ## open the notebooks in JupyterLab on a copy of the demo engagement
	$(VENV)/bin/assaybook collect --demo -o reports/lab
	for file in notebooks/*.ipynb toolkit/assaybook/demo/people/*; do \
		test -e reports/lab/$${file##*/} || cp $$file reports/lab/; \
	done
	cd reports/lab && $(CURDIR)/$(VENV)/bin/jupyter lab --ip 127.0.0.1 $(FLAGS)

demo-account: $(VENV)/.dev ## record the demo account anew
	$(PYTHON) -m assaybook.demo.record

bench: $(VENV)/.dev ## measure, as ratios against plain baselines in the same run
	$(PYTHON) bench/run.py

wheel: $(VENV)/.dev ## build the wheel into dist
	$(PYTHON) -m build --wheel --no-isolation --outdir dist

lock: $(VENV)/.dev ## renew the lock files
	sh .ci/lock

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	python3 -m venv $(VENV)

$(VENV)/.core: requirements.lock pyproject.toml $(VENV)/bin/python
	$(PYTHON) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(PYTHON) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml $(VENV)/bin/python
	$(PYTHON) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(PYTHON) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.core

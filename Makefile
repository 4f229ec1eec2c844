# Needs make and Python >= 3.11, nothing else: the first call sets up .venv, later ones find it.
PYTHON ?= python3
RUN ?= piqa-run
WORKERS ?= 2
BIN := .venv/bin
# A file is one process's; tests/conftest.py says which come first.
SHARED = --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder
STAMP := .venv/.installed
# Compiled once: tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
DOC_TESTS = $(wildcard tests/test_docs.py) tests/test_layout.py tests/test_docstrings.py

.PHONY: help demo test coverage check clean

help:
	@echo "make demo      rank the sample set and write its report to $(RUN)/report"
	@echo "make test      run the tests"
	@echo "make coverage  run the tests, list the lines that none of them runs"
	@echo "make check     format, lint, types, import rules, documentation"
	@echo "make clean     remove .venv, caches and the demo's run"
	@echo "WORKERS=4 runs the tests in four processes (now: $(WORKERS))"
	@echo "PYTHON=python3.12 chooses the interpreter (>= 3.11; now: $(PYTHON))"

demo: $(STAMP)
	$(BIN)/piqa-cli rank sample_sets/portraits-mini -o $(RUN)
	@echo "The report: $(RUN)/report/index.html"

test: $(STAMP)
	$(BIN)/python -m pytest $(SHARED)

# Counted is what runs in the processes of the tests; what front processes and commands that a test
# starts run is not.
coverage: $(STAMP)
	$(BIN)/python -m pytest $(SHARED) --cov --cov-report=term

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(DOC_TESTS)

clean:
	rm -rf .venv piqa-run build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache .coverage
	find piqa_cli tests sample_sets -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { \
		echo "piqa-cli: no $(PYTHON) here: install Python >= 3.11 or say make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "piqa-cli: needs Python >= 3.11 and $(PYTHON) is $$($(PYTHON) -V):" \
			"say make PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || { \
		echo "Setting up .venv: some minutes and 6 GB on Linux, most of it torch"; \
		$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }; }
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet \
		--constraint constraints.txt --editable '.[dev]'
	@touch $@

# What people do with CI Forum. Everything stays in this folder, in .venv and .local;
# `python -m ciforum.local where` and `make clean` name what may lie outside.

# The first Python that is new enough.
NEW_ENOUGH := $(shell for python in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    && { echo "$$python"; break; }; done)
NO_PYTHON = { echo "CI Forum needs Python 3.11 or newer (make PYTHON=/path/to/it)." >&2; false; } \#
PY = $(if $(NEW_ENOUGH),"$(NEW_ENOUGH)",$(NO_PYTHON))
ENVIRONMENT = $(PY) ciforum/local/environment.py
RUN := .venv/bin/python -m
# No database runs here; that makemigrations could not ask it is no news.
MANAGE := .venv/bin/python -W ignore::RuntimeWarning manage.py

.PHONY: help demo stop test bench check messages lock clean

help:
	@echo "make demo      start everything and load the demonstration (PORT=9000 moves it)"
	@echo "make stop      stop it from another terminal"
	@echo "make test      run all tests"
	@echo "make check     format, lint, types, layers, migrations, translations"
	@echo "make bench     measure"
	@echo "make messages  collect the sentences to translate"
	@echo "make lock      refresh constraints.txt"
	@echo "make clean     remove the environment and all local data"

demo:
	@$(ENVIRONMENT) && exec $(RUN) ciforum.local serve --with-parent

stop:
	@test ! -x .venv/bin/python || $(RUN) ciforum.local stop

# More processes than four only wait for the one database.
test:
	@$(ENVIRONMENT) dev e2e
	@$(RUN) pytest --numprocesses logical --maxprocesses 4 $(ARGS)

bench:
	@$(ENVIRONMENT) dev e2e
	@$(RUN) pytest -m bench tests/bench -s $(ARGS)

# DEBUG: these look at the code, not at a place where it runs for real.
check: export DEBUG = on
check:
	@$(ENVIRONMENT) dev
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 --check {} +
	$(RUN) djlint --lint --quiet templates
	$(RUN) mypy
	.venv/bin/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check
	$(RUN) ciforum.catalogues check

messages: export DEBUG = on
messages:
	@$(ENVIRONMENT) dev
	$(RUN) ciforum.catalogues collect

lock:
	@$(ENVIRONMENT)
	@$(RUN) ciforum.local.locking

clean: stop
	@$(PY) ciforum/local/cleaning.py

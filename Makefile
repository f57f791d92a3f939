# Every command makes .venv by itself; nothing but make and Python 3.11 is asked of the machine.
# ARGS="…" is passed on to pytest (test-* targets) and to the benchmarks.
python := .venv/bin/python
ARGS ?=

.PHONY: help run test test-postgresql test-sqlite test-browser check format bench screenshots lock runtime tools
.NOTPARALLEL:
.DEFAULT_GOAL := help

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name does; do \
		printf 'make %-16s %s\n' "$$name" "$$does"; done

run: runtime ## serve the portal with demonstration members on 127.0.0.1:8000, or PORT
	@exec $(python) manage.py serve_demo

test: tools ## the three legs below, all of them even when one fails
	@$(MAKE) --no-print-directory --keep-going test-postgresql test-sqlite test-browser

test-postgresql: tools ## the whole suite on real PostgreSQL and Redis
	$(python) -m pytest -m "not browser" $(ARGS)

test-sqlite: tools ## the smoke set on SQLite and local memory
	$(python) -m pytest --sqlite -n 0 $(ARGS)

test-browser: tools ## the browser tests, in Chromium
	$(python) -m tests.services chromium
	$(python) -m pytest -m browser -n 0 $(ARGS)

check: tools ## formatter, linter, types, migrations in step, deployment check, security linter
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	deploy/bin/with-throwaway-secrets test $(python) manage.py makemigrations --check --dry-run
	deploy/bin/with-throwaway-secrets production $(python) manage.py check --deploy --fail-level WARNING
	$(python) -m bandit --quiet --recursive --severity-level medium --confidence-level medium \
		--configfile pyproject.toml accounts enrolment franceconnect msa_portal manage.py

format: tools ## let the formatter and the linter repair what they can
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

bench: tools ## the benchmarks: a table, and var/bench/*.json
	@$(python) -m bench $(ARGS)

screenshots: tools ## pictures of every page
	$(python) -m tests.services chromium
	$(python) -m tests.browser.screenshots $(ARGS)

lock: tools ## pin the libraries again from requirements*.in
	deploy/bin/lock

runtime:
	@deploy/bin/bootstrap

tools:
	@deploy/bin/bootstrap dev

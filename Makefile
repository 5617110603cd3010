# make run    de applicatie met demogegevens op http://localhost:8000     (PORT=8001: een andere poort; DEMO=0: zonder demogegevens)
# make demo   de demogegevens opnieuw maken
# make test   alle tests                                                  (ARGS="tests/cases -x": alleen deze, zo)
# make lint   stijl, typen, wie wie mag aanroepen, sjablonen
# make screens, make bench, make coverage, make lock, make clean

PORT ?= 8000
DEMO ?= 1
ARGS ?= -n 2
export DEMO

.PHONY: help run demo test lint format screens bench coverage lock clean setup setup-dev

help:
	@grep '^# make' Makefile | cut -c3-

setup:
	@sh scripts/setup.sh base

setup-dev:
	@sh scripts/setup.sh dev

run: setup
	@.venv/bin/python scripts/run.py --port $(PORT)

demo: setup
	@.venv/bin/python manage.py migrate --verbosity 0
	@.venv/bin/python manage.py make_demo

test: setup-dev
	@.venv/bin/python scripts/run_tests.py $(ARGS)

lint: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-logo
	.venv/bin/djlint --lint --quiet templates
	.venv/bin/mypy

format: setup-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

screens: setup-dev
	@.venv/bin/python scripts/screens.py

bench: setup-dev
	@.venv/bin/python scripts/run_tests.py tests/benchmarks -m slow -s -p no:randomly

coverage: setup-dev
	@.venv/bin/python scripts/run_tests.py -n 2 --cov --cov-report=term

lock: setup-dev
	@sh scripts/lock.sh

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

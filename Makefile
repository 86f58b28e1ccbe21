# `make` prints what there is. Every target does the set-up it needs; nothing outside .venv and .local is touched.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
# Half of the tests wait for real servers: two files at a time, in their order, so that the long ones are not left for the end.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help dist drills setup demo up down status logs reset check format events test bench chaos soak screenshot

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/ready ## create .venv from the lock file

.venv/ready: requirements.lock pyproject.toml .ci/installer.lock .ci/setup
	@.ci/setup

demo: setup ## start everything and take the samples from upload to tasks; EXIT=1 stops again at the end
	@exec $(PY) -m local.demo $(if $(filter-out 0 no,$(EXIT)),--exit)

up: setup ## start everything in the background
	@$(PY) -m gateway.cli up

down: setup ## stop everything; the data is kept
	@$(PY) -m gateway.cli down

status: setup ## show what runs, and where
	@$(PY) -m gateway.cli status

logs: setup ## follow the logs of all processes
	@exec $(PY) -m gateway.cli logs --follow

reset: setup ## delete all data of the local system (asks first; YES=1 does not)
	@$(PY) -m gateway.cli reset $(if $(filter-out 0 no,$(YES)),--yes)

check: setup ## format, lint, types, import rules
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

format: setup ## put the code into its format
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

events: setup ## make the types of events in schemas/typed from schemas/avro
	@$(PY) -m schemas.typed

test: setup ## all tests; ARGS='tests/unit -k plan' chooses
	@chromium=$$(.ci/chromium) && MARKETPLACE_CHROMIUM=$$chromium .venv/bin/pytest $(SIDE_BY_SIDE) $(ARGS)

dist: setup ## build the wheel and the sdist into dist/
	@.ci/dist

drills: setup ## every chaos scenario, and a rolling deploy (twenty minutes)
	@.venv/bin/pytest tests/drills $(ARGS)

bench: setup ## measure a system of its own in a temporary folder (docs/performance.md)
	@exec $(PY) -m bench $(ARGS)

chaos: setup ## break systems of its own in fourteen ways (docs/reliability.md); ARGS='kill-worker --seeds 5' chooses
	@exec $(PY) -m local.chaos $(ARGS)

soak: setup ## a fault every 20-40 s for half an hour; ARGS='--minutes 2'
	@exec $(PY) -m local.chaos soak $(ARGS)

screenshot: setup ## take the README's pictures from the running demo
	@chromium=$$(.ci/chromium) && $(PY) -m local.demo.pictures "$$chromium"

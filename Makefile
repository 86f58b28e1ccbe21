# `make` prints what there is. Every target does the set-up it needs; nothing outside .venv and .local is touched.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
# Processes of ours start some thousand times in a run of the tests: what Python has compiled is kept, whoever calls.
export PYTHONDONTWRITEBYTECODE :=
# The tests of servers wait more than they work: files side by side, the longest first (tests/support/longest_first.py).
WORKERS ?= 3
PYTEST = .venv/bin/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
WITH_BROWSER = chromium=$$(.ci/chromium) && MARKETPLACE_CHROMIUM=$$chromium

.PHONY: help dist setup demo up down status logs reset check format events golden
.PHONY: unit integration scenarios browser test drills durations bench evaluate chaos soak screenshot

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

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

check: setup ## format, lint (security rules among them), types, import rules, insecure code, secrets
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PY) -m tests.support.insecure
	@$(PY) -m tests.support.secrets_scan

format: setup ## put the code into its format
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

events: setup ## make the types of events in schemas/typed from schemas/avro
	@$(PY) -m schemas.typed

golden: setup ## make the golden files of event versions that have none; those that are there stay as they are
	@$(PY) -m tests.contract.make_golden

unit: setup ## tests of code and contracts alone, but for the slow ones; ARGS='-k plan' chooses, here and below
	@echo 'tests/unit and tests/contract: no server is started; what is slow (tests/slow.json) is left to make test'
	@$(PY) -m tests.support.shares -m 'not slow' --durations=10 --durations-min=1 $(ARGS)

integration: setup ## tests of single parts with a real broker, registry and database
	@echo 'tests/integration: broker, registry and database once for each of $(WORKERS) workers, more where a test breaks one'
	@$(PYTEST) tests/integration $(ARGS)

scenarios: setup ## tests of whole systems, most of which they break
	@echo 'tests/scenarios: a system for each file or test, started, broken and healed'
	@$(PYTEST) tests/scenarios $(ARGS)

browser: setup ## tests of the pages in a real Chromium
	@echo 'tests/browser: a gateway and its database for each file, and one Chromium for each of $(WORKERS) workers'
	@$(WITH_BROWSER) $(PYTEST) tests/browser $(ARGS)

test: setup ## all four of them, the slow ones too; ARGS='tests/unit/schemas -k wire' chooses
	@echo 'tests/unit, contract, and beside them integration, scenarios, browser: all but the drills (make drills)'
	@$(WITH_BROWSER) $(PY) -m tests.support.whole '$(PYTEST)' $(ARGS)

dist: setup ## build the wheel and the sdist into dist/
	@.ci/dist

.PHONY: sbom
sbom: setup ## print the bill of materials of the processes (CycloneDX), as the image has it
	@$(PY) deploy/bill_of_materials.py deploy/runtime-packages.txt

.PHONY: coverage
coverage: setup ## every branch of the pure modules, and each room its floor, by tests that start no server
	@echo 'tests/unit and what tests/contract runs, without those that draw their cases, and the costly ones (tests/support/slow.py)'
	@$(PY) -m tests.support.shares -m 'not hypothesis and (not costly or traced)' --cov --cov-report= \
	  tests/unit tests/contract/test_{compatibility,dead_letters,golden,headers,metrics,schemas,topics,wire}.py
	@$(PY) -m tests.support.floors

.PHONY: advisories
advisories: setup ## look for known weaknesses of the pinned packages, offline; DIR=a checkout of github.com/pypa/advisory-database
	@$(PY) -m tests.support.advisories '$(DIR)'

drills: setup ## what takes longer than a gate may: every chaos scenario, a short soak, a rolling deploy, an open dashboard (half an hour)
	@echo 'tests/drills: a system for each drill, one after the other'
	@.venv/bin/pytest tests/drills $(ARGS)

.PHONY: drill-regions
drill-regions: setup ## lose a region of two on this machine, take over, and give back; prints what was lost and how long it took
	@.venv/bin/pytest -s tests/drills/test_two_regions.py $(ARGS)

.PHONY: fuzz
fuzz: setup ## thousands of drawn requests against the API's own document (ten minutes; the drills have it, too); CASES=10000
	@FUZZ_CASES=$(or $(CASES),10000) .venv/bin/pytest tests/drills/test_api_fuzzed.py $(ARGS)

.PHONY: fuzz-decoders
fuzz-decoders: setup ## damaged bytes for all that takes bytes from outside; MINUTES=60 (the drills have it for two)
	@FUZZ_MINUTES=$(or $(MINUTES),60) .venv/bin/pytest -s tests/drills/test_decoders_fuzzed.py $(ARGS)

.PHONY: simulate
simulate: setup ## thousands of schedules of the asyncio cores, in memory and virtual time; RUNS=20000
	@DETANGLE_RUNS=$(or $(RUNS),5000) .venv/bin/pytest --timeout 3600 tests/unit/simulation $(ARGS)

durations: setup ## write down which tests are slow and how long each file takes; ARGS='tests/unit tests/contract' for make unit alone
	@$(WITH_BROWSER) $(PYTEST) --write-durations $(ARGS)

bench: setup ## measure the system beside others, in temporary folders (docs/performance.md); ARGS='--quick' takes minutes
	@exec $(PY) -m bench $(ARGS)

.PHONY: slo
slo: setup ## make Prometheus' rules of error budgets from deploy/slo, by sloth (needs Go, and minutes the first time)
	@sloth=$$(.ci/sloth) && "$$sloth" generate -i deploy/slo/marketplace.yml -o deploy/prometheus/rules/slo.yml

.PHONY: chart
chart: setup ## make deploy/kubernetes.yml from deploy/helm, by helm (needs Go, and minutes the first time)
	@helm=$$(.ci/helm) && "$$helm" template marketplace deploy/helm --kube-version 1.32.0 >deploy/kubernetes.yml.part \
	  && mv deploy/kubernetes.yml.part deploy/kubernetes.yml

evaluate: setup ## score reading and rules on golden documents; DIR=folder tells what is read there; AGENT=url/model or local
	@exec $(PY) -m bench.evaluate $(if $(DIR),'$(DIR)') $(if $(FORMAT),--format $(FORMAT)) $(if $(INIT),--init) \
	  $(if $(AGENT),--agent '$(AGENT)') $(ARGS)

chaos: setup ## break systems of its own in each way that docs/reliability.md has; ARGS='kill-worker --seeds 5' chooses
	@exec $(PY) -m local.chaos $(ARGS)

soak: setup ## a fault every 20-40 s for half an hour; ARGS='--minutes 2'
	@exec $(PY) -m local.chaos soak $(ARGS)

screenshot: setup ## take the README's pictures from the running demo
	@chromium=$$(.ci/chromium) && $(PY) -m local.demo.pictures "$$chromium"

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.stamp
# The libraries of Datadog's Agent pin common packages exactly, so the check has an environment of its own.
AGENT_VENV := .venv-checks
AGENT_STAMP := $(AGENT_VENV)/.stamp
LOCK := pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header

# Debian keeps what venv needs in a package of its own.
VENV_PACKAGE := { echo "installing python3-venv"; sudo=$$(command -v sudo || true); [ "$$(id -u)" = 0 ] && sudo=; $$sudo apt-get update -qq && $$sudo apt-get install -y -qq python3-venv; }

.PHONY: help setup plan sync test check agent-setup agent compare exhaust lock bench faults corpus corpus-lint corpus-simulate fuzz picture pages editor clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(STAMP)  ## make .venv with .venv/bin/toban

$(STAMP): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "toban needs Python 3.11 to 3.13: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(VENV_PACKAGE)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

plan: setup  ## what a sync would change on the embedded local Datadog
	$(VENV)/bin/toban plan --local

sync: setup  ## carry it out there
	$(VENV)/bin/toban sync --local --yes

test: setup check agent  ## formatting, types, layers, tests of monitors, tests
	$(VENV)/bin/toban test
	$(VENV)/bin/pytest -n auto

check: setup  ## formatting, types, layers and workflows
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/zizmor --offline --quiet --no-progress .github

agent-setup: $(AGENT_STAMP)  ## make .venv-checks for the Agent check

$(AGENT_STAMP): checks/requirements.lock
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || $(VENV_PACKAGE)
	$(PYTHON) -m venv $(AGENT_VENV)
	$(AGENT_VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r checks/requirements.lock
	@touch $(AGENT_STAMP)

agent: setup agent-setup  ## types and tests of the Agent check
	$(VENV)/bin/mypy --python-executable $(AGENT_VENV)/bin/python checks/checks.d checks/compare.py
	$(AGENT_VENV)/bin/pytest -c checks/pytest.ini checks/tests

compare: setup  ## write the comparison in checks/README.md and its picture anew
	$(VENV)/bin/python checks/compare.py

exhaust: setup  ## compare when alerts are told with a brute-force reading, every minute of two years
	TOBAN_EXHAUST=1 $(VENV)/bin/pytest -q -n auto tests/kinds/test_every_minute.py

lock: setup  ## renew the lock files
	$(VENV)/bin/pip install --quiet --disable-pip-version-check 'pip-tools>=7.4'
	$(VENV)/bin/$(LOCK) --output-file requirements.lock pyproject.toml
	$(VENV)/bin/$(LOCK) --extra dev --extra build --output-file requirements-dev.lock pyproject.toml
	$(VENV)/bin/$(LOCK) --extra aws --extra build --output-file .github/actions/toban/requirements.lock pyproject.toml
	cp .github/actions/toban/requirements.lock generator/starter/files/requirements.lock
	$(VENV)/bin/$(LOCK) --output-file checks/requirements.lock checks/requirements.in

bench: setup  ## time lint, render and plan of up to 100,000 monitors, syncs and simulations
	$(VENV)/bin/python benchmarks/run.py
	$(VENV)/bin/python benchmarks/sync.py
	$(VENV)/bin/python benchmarks/simulate.py month
	$(VENV)/bin/python benchmarks/simulate.py year

faults: setup  ## each fault and a kill at each request of a sync, thousands of cases: minutes
	$(VENV)/bin/python tests/sync/fault_sweep.py

corpus: setup  ## how many real queries parse, and why the others do not
	$(VENV)/bin/python tests/query/corpus_report.py

corpus-lint: setup  ## how many real monitors that Datadog accepted each rule hits
	PYTHONPATH=. $(VENV)/bin/python tests/lint/hit_rates.py

corpus-simulate: setup  ## how many real monitors of metrics can be simulated, and why the others cannot
	PYTHONPATH=. $(VENV)/bin/python tests/simulate/corpus_report.py

fuzz: setup  ## look for texts that break the query parsers, for SECONDS (120)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-build-isolation -e '.[fuzz]'
	$(VENV)/bin/python tests/query/fuzz.py -max_total_time=$(or $(SECONDS),120) -max_len=600

picture: setup  ## draw docs/plan.svg anew
	$(VENV)/bin/python tests/docs/picture.py

pages: setup  ## put what the commands print now into README.md and docs/
	$(VENV)/bin/python tests/docs/fields.py docs/yaml.md
	$(VENV)/bin/python tests/docs/console.py --write README.md docs/*.md
	PYTHONPATH=. $(VENV)/bin/python tests/lint/pages.py --write

editor: setup  ## check workflows and project files with what editors use, by npm
	$(VENV)/bin/python tests/editor/check.py

clean:  ## remove the virtual environments and local state
	rm -rf $(VENV) $(AGENT_VENV) .toban

# Everything that is done to Ritournelle by hand. It needs make and Python 3.12 or newer; the rest comes into .venv.

.DEFAULT_GOAL := help
.PHONY: help demo test check bench chaos fuzz audit pins

PYTHON := .venv/bin/python
# Settings for commands that only look at the code.
MANAGE := DJANGO_SETTINGS_MODULE=tests.settings DATA_DIR="$${DATA_DIR:-var/check}" $(PYTHON) manage.py
# No index, proxy or extra folder of whoever makes the pins shows in them.
COMPILE := CUSTOM_COMPILE_COMMAND="make pins" $(PYTHON) -m piptools compile --quiet --no-config --strip-extras \
	--generate-hashes --allow-unsafe --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

help: ## Say what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/'

demo: ## Start everything with pretend stores and made-up people; Ctrl-C stops it. PORT=8000 DATA_DIR=var DEMO_PASSWORD=...
	@sh .ci/install requirements.txt
	@exec $(PYTHON) -m config.demo

test: ## Run the tests on SQLite, and on PostgreSQL if TEST_DATABASE_URL is given. REQUIRE_ALL=1 ARGS="-k webhook"
	@sh .ci/install requirements-dev.txt
	@$(PYTHON) -m tests.run $(ARGS)

check: ## Lint, format, types, migrations, translations, settings
	@sh .ci/install requirements-dev.txt
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy .
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) translations check
	$(MANAGE) translations compile

bench: ## Measure. ONLY=name of one benchmark, QUICK=1 for a short look, PUBLISH=1 for docs/benchmarks.md
	@sh .ci/install requirements-dev.txt
	@ONLY="$(ONLY)" QUICK="$(QUICK)" PUBLISH="$(PUBLISH)" $(PYTHON) -m tests.benchmarks

chaos: ## Break everything on purpose while it works, and audit it. ONLY=scenario SEED=1 MINUTES=60 QUICK=1
	@sh .ci/install requirements-dev.txt
	@ONLY="$(ONLY)" SEED="$(SEED)" MINUTES="$(MINUTES)" QUICK="$(QUICK)" $(PYTHON) -m tests.chaos

fuzz: ## Send anything to every webhook, address of the API and form, far more often than the tests do. EXAMPLES=1000
	@sh .ci/install requirements-dev.txt
	@EXAMPLES="$(or $(EXAMPLES),1000)" $(PYTHON) -m tests.run -k "mutated" tests/security $(ARGS)

audit: ## Ask which pinned packages are known to be vulnerable. ARGS=--if-reachable where there may be no network
	@sh .ci/install requirements-dev.txt
	@$(PYTHON) -m tests.dependencies $(ARGS)

pins: ## Pin what pyproject.toml asks for, with hashes. ARGS=--upgrade for newer versions
	@sh .ci/install requirements-dev.txt
	@echo "Pinning (half a minute) ..."
	@$(COMPILE) $(ARGS) --output-file requirements.txt pyproject.toml
	@$(COMPILE) $(ARGS) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	@for peer in tests/benchmarks/peers/*/requirements.in; do $(COMPILE) $(ARGS) --output-file $${peer%.in}.txt $$peer || exit 1; done

# Two commands set everything up: `make demo` and `make test`. The rest is in README.md.

SCALE ?= township
PORT ?= 8000
PYTHON := .venv/bin/python
RUN := $(PYTHON) -m tools.with_services

.PHONY: demo run worker test lint bench faults services stop clean setup

# Each recipe that starts servers is one plain command without a shell around it, so that a signal
# to make reaches it.
demo: setup
	@$(PYTHON) -m tools.demo --scale $(SCALE) --port $(PORT)

run: export FPMS_DEBUG = 1
run: setup
	@$(PYTHON) -m tools.frontend
	@$(PYTHON) -m tools.catalogues compile
	@$(RUN) $(PYTHON) manage.py runserver $(PORT)

worker: setup
	@mkdir -p build
	@$(RUN) $(PYTHON) -m celery -A fpms worker --beat --schedule build/beat --concurrency 1 --loglevel INFO

test: setup
	@$(PYTHON) -m tools.test $(ARGS)

lint: setup
	@$(PYTHON) -m tools.lint

bench: setup
	@$(RUN) $(PYTHON) -m benchmarks $(ARGS)

# Kills 200 times what runs an import; about an hour. ARGS="--kills 20" for less.
faults: setup
	@$(PYTHON) -m tools.faults $(ARGS)

services: setup
	$(PYTHON) -m fpms.embedded start
	$(PYTHON) -m fpms.embedded status

stop:
	$(PYTHON) -m fpms.embedded stop

# Deletes the demo's data too.
clean:
	-$(PYTHON) -m fpms.embedded remove
	rm -rf .fpms .venv node_modules static/vendor staticfiles build locale/*/LC_MESSAGES/*.mo
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@sh tools/bootstrap.sh

# The two commands: `make run` and `make test`. Nothing but Python 3.11 or newer is needed.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
BIN = $(VENV)/bin
# Tried out on this machine only: plain HTTP on the loopback address.
LOCAL = HTTPS=0 PORTAL_URL=http://127.0.0.1:$(PORT)

.PHONY: run test search-quality search-speed faults lock lcp messages pictures clean

run: $(VENV)/run.stamp
	@$(LOCAL) $(BIN)/python manage.py get_ready
	@echo "portal: http://127.0.0.1:$(PORT)  (Ctrl-C ends it)"
	@export $(LOCAL); \
	$(BIN)/python manage.py work & worker=$$!; \
	$(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers 2 --blocking-threads 32 \
		--no-ws --log-level error --respawn-failed-workers --workers-kill-timeout 3 govlab.wsgi:application & server=$$!; \
	trap 'kill $$server $$worker 2>/dev/null' INT TERM HUP; \
	wait $$server; ended=$$?; kill $$server $$worker 2>/dev/null; wait; \
	if [ $$ended -gt 128 ]; then exit 0; fi; exit $$ended

test: $(VENV)/test.stamp
	@BIN=$(BIN) tests/run

# Whether people find what they look for, and how quickly; on SQLite, and on PostgreSQL where TEST_POSTGRES_URL answers.
search-quality: $(VENV)/test.stamp
	@$(BIN)/python -m tests.search.quality

search-speed: $(VENV)/test.stamp
	@$(BIN)/python -m tests.search.speed --projects $(or $(PROJECTS),100000)

# What the portal must survive, with figures, and on its naive twin beside it; PostgreSQL: make faults DATABASE=postgres://...
faults: $(VENV)/test.stamp
	@$(BIN)/python -m tests.faults $(if $(DATABASE),--postgres $(DATABASE))

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed.") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

# Pins every dependency with its hashes (needs uv).
lock:
	uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" -o requirements.txt
	uv pip compile pyproject.toml --group dev --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" -o requirements-dev.txt

# Gathers the English strings, merges them with the Thai ones and compiles them.
messages: $(VENV)/test.stamp
	@$(BIN)/python manage.py messages

# When the largest thing of a page is drawn on a slow telephone, and what of a page's cost the shelf saves.
lcp: $(VENV)/test.stamp
	@$(LOCAL) $(BIN)/python -m tests.browser.lcp
	@$(BIN)/python -m tests.public.speed

# The two pictures in README, taken from the running portal.
pictures: $(VENV)/test.stamp
	@$(LOCAL) $(BIN)/python -m tests.browser.pictures

clean:
	rm -rf $(VENV) var

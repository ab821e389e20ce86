# aiwire. `make run` and `make test` need nothing but Python >= 3.11 and make; all else goes into .venv.
#   make run [ARGS=...]     the whole system: database, watcher, API and page (`aiwire up`)
#   make test [ARGS=...]    linters, types and tests
#   make install            the environment only
#   make demo [DIR=...]     a rehearsal from captured pages; nothing leaves the machine
#   make bench              the benchmarks, as JSON
#   make lint               what `test` checks before it tests
#   make torture            the long tests
#   make scaleout           eight workers on four machines (network namespaces: Linux, root), as JSON
#   make audit            known vulnerabilities of the locked packages (asks the internet)
#   make soak [ARGS=...]    half an hour of the whole system while databases, workers and sites fail
#   make mutations          whether the tests notice when important lines are broken
#   make lock               the pinned requirements anew, from requirements*.in

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
DIR ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore
export UV_NO_PROGRESS := 1
# Where the system has certificates they are the ones to trust: uv's own do not know a company's proxy.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem),)
export UV_SYSTEM_CERTS ?= 1
endif
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV

# The environment no longer fits when the checkout has moved (scripts hold its path) or its Python is gone.
MOVED := $(shell test -d $(VENV) || exit 0; $(BIN)/python -c '' 2>/dev/null || echo yes; \
	test ! -e $(VENV)/.place || test "$$(cat $(VENV)/.place)" = "$(CURDIR)" || echo yes)
ifneq ($(MOVED),)
$(shell rm -rf $(VENV))
endif

# The same locked versions and hashes by either: uv is fast, pip is there where uv has no build.
define install
if $(BIN)/uv --version >/dev/null 2>&1; then set -- $(BIN)/uv pip install --quiet --python $(BIN)/python; \
	else set -- $(BIN)/python -m pip install --quiet; fi; "$$@"
endef

.PHONY: run install install-dev demo test lint bench torture scaleout soak mutations audit lock
.DEFAULT_GOAL := run

run: install
	@exec $(BIN)/aiwire up $(ARGS)

demo: install
	@exec $(BIN)/aiwire demo $(DIR) $(ARGS)

bench: install-dev
	@exec $(BIN)/python -m bench $(ARGS)

test: lint
	$(BIN)/pytest -n 2 $(ARGS)

torture: install-dev
	$(BIN)/pytest -m torture $(ARGS)
	AIWIRE_TORTURE=1 $(BIN)/pytest --timeout 1200 tests/security/test_readers.py tests/test_noise.py tests/test_damage.py tests/test_rehearsal.py \
		tests/crawler/extract/test_lifecycle_corpus.py $(ARGS)

scaleout: install-dev
	@exec $(BIN)/python -m tests.scaleout $(ARGS)

audit: install-dev
	@exec .ci/audit

mutations: install-dev
	@exec $(BIN)/python -m tests.mutating $(ARGS)

soak: install-dev
	@exec $(BIN)/python -m tests.soak $(ARGS)

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

lock: install-dev
	for name in requirements requirements-dev requirements-tools; do \
		$(BIN)/uv pip compile $$name.in --output-file $$name.lock --universal --python-version 3.11 \
			--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet $(ARGS) || exit 1; \
	done

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	@python=; for each in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
		$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && python=$$each && break; \
	done; \
	if [ -z "$$python" ]; then \
		echo "aiwire needs Python 3.11 or newer, and found none: install one, or say make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	elif $$python -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "Making the environment in $(VENV) with $$($$python -V)"; $$python -m venv $(VENV); \
	elif uv --version >/dev/null 2>&1; then \
		echo "Making the environment in $(VENV) with uv and $$($$python -V)"; uv venv --quiet --seed --python "$$python" $(VENV); \
	else \
		echo "$$python has no venv or ensurepip module: on Debian and Ubuntu, apt install $$($$python -c \
			'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); or install uv" >&2; \
		exit 1; \
	fi

$(VENV)/.installed: requirements.lock requirements-tools.lock pyproject.toml | $(BIN)/python
	@echo "Installing the packages aiwire runs on (about 250 MB)"
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-tools.lock || { \
		echo "uv has no build for this machine: pip does it, more slowly" >&2; \
		sed '/^uv==/,/# via/d' requirements-tools.lock > $(VENV)/.tools.lock; \
		$(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/.tools.lock; }
	@$(install) --require-hashes -r requirements.lock
	@$(install) --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > $(VENV)/.place
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests need"
	@$(install) --require-hashes -r requirements-dev.lock
	@touch $@

# The few verbs. Everything they install lies in this folder: .venv*, .huanxin.
PYTHON ?= python3
export UV_CACHE_DIR ?= $(CURDIR)/.huanxin/cache/uv
export PIP_CACHE_DIR ?= $(CURDIR)/.huanxin/cache/pip
export npm_config_cache ?= $(CURDIR)/.huanxin/cache/npm
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export UV_PYTHON_DOWNLOADS = never
UV := .huanxin/tools/bin/uv
LOCKS := platform local quality superset bench

.DEFAULT_GOAL := help
.PHONY: help demo test check format install install-quality install-superset install-bench down lock clean

help: ## Show the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install install-quality install-superset ## Start the whole stack, load the demonstration county, print where to look (DETACH=1 returns)
	.venv/bin/huanxin demo $(if $(DETACH),--detach)

test: install install-quality install-superset ## Run every test against a stack of its own
	@bash tests/browser/install-browser.sh
	.venv/bin/python -m pytest --random-order -q $(ARGS)

check: install ## Lint, types, formatting, fast tests: under a minute
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest --random-order -q -m "not stack and not browser"

format: install ## Format the code
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

down: ## Stop the stack
	.venv/bin/huanxin down

install: .venv/.installed ## Install the platform and its tools
install-quality: .venv-quality/.installed
install-superset: .venv-superset/.installed
install-bench: .venv-bench/.installed ## Install the peers that huanxin bench measures against

$(UV): requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 13) else "huanxin needs Python 3.11 or 3.12: make PYTHON=python3.12 …")'
	@echo "installing uv into .huanxin/tools"
	@$(PYTHON) -m venv .huanxin/tools
	@.huanxin/tools/bin/pip install -q --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/.installed: requirements/local.txt pyproject.toml | $(UV)
	@echo "installing the platform, its tools and a Java runtime into .venv"
	@$(UV) venv -q --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	@$(UV) pip install -q --python .venv --require-hashes -r requirements/local.txt
	@$(UV) pip install -q --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

.venv-quality/.installed .venv-superset/.installed .venv-bench/.installed: .venv-%/.installed: requirements/%.txt | $(UV)
	@echo "installing the environment of $* into .venv-$*"
	@$(UV) venv -q --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv-$*
	@$(UV) pip install -q --python .venv-$* --require-hashes -r requirements/$*.txt
	@touch $@

lock: | $(UV) ## Compile requirements/*.in into locks with hashes
	cd requirements && for name in bootstrap $(LOCKS); do \
	  ../$(UV) pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 $$name.in -o $$name.txt || exit 1; done

clean: down ## Stop the stack and remove all that was installed or stored
	rm -rf .venv .venv-quality .venv-superset .venv-bench .huanxin

# Each target is one command of the bootstrap in ops/, which installs what it needs by itself.
PORT ?= 8000
ONLY ?=
OPS = @sh ops/python.sh -m ops

.PHONY: help run stop clean test check bench docs lock messages compose-test
.DEFAULT_GOAL := help

help: ## Show these targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

run: ## Start Tessera with its demonstration (PORT=8000)
	$(OPS) run --port $(PORT)

stop: ## Stop it; the data stays
	$(OPS) stop

clean: ## Remove what can be made again; DATA=1 removes your data too
	$(OPS) clean $(if $(DATA),--data)

test: ## Run every check and every test; ONLY="tests/core -x" runs pytest alone
	$(OPS) test --only="$(ONLY)"

check: ## Run the quick checks: format, lint, types, imports, migrations, deployment
	$(OPS) check

bench: ## Measure speed (ONLY=name picks a benchmark)
	$(OPS) bench --only="$(ONLY)"

docs: ## Generate the documentation that is made from the code
	$(OPS) docs

lock: ## Lock the dependencies again; UPGRADE=1 takes newer versions
	$(OPS) lock $(if $(UPGRADE),--upgrade)

messages: ## Bring the translation catalogues up to date with the sources
	$(OPS) messages

compose-test: ## Run docker-compose.yml for real with podman (root, some minutes)
	$(OPS) compose-test

# Each target is one command of the bootstrap in ops/, which says what it does.
PORT ?= 8000
DATA ?=
OPS = sh ops/python.sh -m ops

.PHONY: help run stop clean test check bench docs lock messages compose-test
.DEFAULT_GOAL := help

help: ## Show these targets
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: ## Start Tessera with its demonstration (PORT=8000)
	@$(OPS) run --port $(PORT)

stop: ## Stop it; the data stays
	@$(OPS) stop

clean: ## Remove what can be made again; DATA=1 removes the data of `make run` too
	@$(OPS) clean $(if $(DATA),--data)

# The commands of the house; `make` alone lists them.

# Cargo's output stays outside the clone, so that a fresh clone builds quickly the second time.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/gridbeat/target

# make demo SCALE=city LISTEN=127.0.0.1:9000 DEMO_DIR=/somewhere/with/space
SCALE    ?= district
LISTEN   ?= 127.0.0.1:8080
DEMO_DIR ?= $(CURDIR)/demo-data

GRIDBEAT := $(CARGO_TARGET_DIR)/release/gridbeat

.DEFAULT_GOAL := help
.PHONY: help demo release web api-types test bench lint fmt screenshot

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: release ## Build everything, make a synthetic city and serve it on LISTEN
	$(GRIDBEAT) demo --scale $(SCALE) --listen $(LISTEN) --dir $(DEMO_DIR)

release: web ## Build the release binary with the map client inside it
	cargo build --release --locked -p gridbeat-server

web: ## Build the map client (web/dist)
	scripts/web-build.sh

api-types: ## Write the client's types of the API anew from the OpenAPI document
	scripts/api-types.sh

test: ## Run every test there is: Rust, web, end to end
	scripts/test.sh

bench: web ## Measure against peers; CASE=overlay/city picks one
	cargo run --release --locked -p gridbeat-bench -- $(CASE) --json

lint: ## Formatting, clippy with warnings denied, the web linter
	scripts/lint.sh

fmt: ## Format the Rust code
	cargo fmt --all

screenshot: release ## Take docs/screenshot.png again, from the demo
	scripts/screenshot.sh $(GRIDBEAT)

# Everything a developer does with Fairlead. `make` lists it.

SWIFT ?= swift
# In a CI log the progress of a build is noise; on a terminal it is company.
BUILD_FLAGS ?= $(if $(CI),--quiet)
# What test-vsn installs: that of 'make build', or with VSN_BINARY=dist/fairlead that of 'make release'.
VSN_BINARY ?= $$($(SWIFT) build --show-bin-path)/fairlead

.DEFAULT_GOAL := help
.PHONY: help setup build release package test test-package test-vsn test-base-image fuzz soak demo demo-clean bench bench-backup lint format docs clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Install the Debian packages that are missing (asks for root only then)
	@Tests/setup

build: setup ## Build for debugging
	@$(SWIFT) build $(BUILD_FLAGS)

release: setup ## Build for production: dist/fairlead, stripped, with man pages and shell completions
	@$(SWIFT) build $(BUILD_FLAGS) --configuration release --static-swift-stdlib --product fairlead
	@deploy/package-binary "$$($(SWIFT) build --configuration release --static-swift-stdlib --show-bin-path)/fairlead" dist

package: setup ## Build the packages for Debian 12 and 13 and a portable release into dist/ (root; PACKAGE_KEY signs)
	@Tests/setup --package
	@SWIFT="$(SWIFT)" deploy/package/package dist $(RELEASES)

test: setup ## Build, then run every test, real Podman included
	@[ -n "$(FILTER)" ] || Tests/Bootstrap/run
	@$(SWIFT) build $(BUILD_FLAGS) --build-tests
	@SWIFT="$(SWIFT)" Tests/run "$(FILTER)"

test-vsn: build ## Bootstrap booted hosts, cut their power, move, uninstall (root; 8 minutes, STORIES=short 1; RELEASE=13)
	@Tests/setup --vsn
	@RELEASE="$(RELEASE)" Tests/VSN/run "$(VSN_BINARY)" $(STORIES)

test-package: ## Install, upgrade and purge the packages of dist/, and Debian 12 to 13, on booted hosts (root; 10 minutes)
	@Tests/setup --vsn
	@Tests/Packages/run dist $(RELEASES)

test-base-image: ## Build the base image on Debian 12 and 13 and break it in real containers (root; RELEASES=12, STORIES=short)
	@Tests/setup --vsn
	@for release in $(or $(RELEASES),12 13); do Tests/BaseImage/run $$release $(STORIES) || exit 1; done

fuzz: setup ## Damage what strangers write, until something breaks (FUZZ_SECONDS=60 a target, FUZZ_SEED)
	@$(SWIFT) build $(BUILD_FLAGS) --build-tests
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-60} FUZZ_SEED=$${FUZZ_SEED:-$$(date +%s)} $(SWIFT) test --skip-build \
		--disable-xctest --filter FuzzTests

soak: build ## Commits, kills and removals by chance, then: converged, nothing lost (root; SOAK_SECONDS=600, SOAK_SEED="1 2")
	@Tests/Soak/soak.sh "$$($(SWIFT) build --show-bin-path)/fairlead" "$${SOAK_SECONDS:-600}" $(SOAK_SEED)

demo: build ## Watch commits become a running stack on real Podman
	@Tests/Demo/demo.sh "$$($(SWIFT) build --show-bin-path)/fairlead"

demo-clean: ## Remove the images that the demo keeps for its next run
	@Tests/Demo/demo.sh --clean

bench: release ## Measure redeploys of 5 and 25 containers beside bare Podman
	@Tests/Bench/redeploy.sh dist/fairlead

bench-backup: release ## Measure backups and restores beside plain tools and restic (root; 4 minutes)
	@Tests/Bench/backup.sh dist/fairlead

lint: setup ## Check the style of Swift, scripts and JSON
	@Tests/lint

format: ## Put the Swift sources into the project's format
	@$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

docs: ## Check the generated pages; RECORD=1 writes them anew
	@Tests/docs

clean: ## Remove what building made
	@rm -rf .build dist

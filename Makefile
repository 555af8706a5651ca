.DEFAULT_GOAL := help
export CGO_ENABLED ?= 0

.PHONY: help build test check lint bench load fuzz demo
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/kaoping
	go build -o bin/kaoping ./cmd/kaoping

test: ## run the tests
	go test ./...

check: ## what decides whether a change lands
	.ci/run

lint: ## gofmt, vet, staticcheck
	test -z "$$(gofmt -l .)"
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

ROWS ?= 10000000
bench: ## scoring, and ten million case rows beside hand-written code, plain drivers and DuckDB
	go test -run '^$$' -bench . -benchtime 1x ./engine/... ./store ./ingest ./reports
	cd bench && CGO_ENABLED=1 go test -v -count 1 -timeout 10h -run TestSideBySide -rows $(ROWS) -write ../docs/benchmarks.md

load: ## 200 readers at once for a minute, on SQLite and on PostgreSQL
	KAOPING_LOAD=60 go test -v -count=1 -run TestReaders ./e2e

fuzz: ## fuzz every target for a minute
	for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    go test -run '^$$' -fuzz "^$$target$$" -fuzztime 60s $$package || exit 1; \
	  done; done

demo: ## run the demonstration in ./kaoping-demo
	go run ./cmd/kaoping demo

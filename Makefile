# Tenure: `make run` starts a demo, `make test` runs every test.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
MAKEFLAGS += --no-print-directory

# The race detector looks at our own code; SQLite, which is translated from C,
# would be thirty times slower under it.
RACE := -race -gcflags='modernc.org/...=-race=false'
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: run build witness test lint tools ui test-go test-ui test-browser fuzz long

run: build
	exec ./bin/tenure demo

build: ui
	go build -o bin/tenure ./cmd/tenure

# Stands before the program in the browser's tests, and listens in.
witness:
	go build -o bin/witness ./internal/server/contract/witness

# The browser app, built anew when its sources are newer.
ui: ui/dist/index.html

ui/node_modules/.package-lock.json: ui/package-lock.json
	npm --prefix ui ci --no-audit --no-fund
	touch $@

ui/dist/index.html: ui/node_modules/.package-lock.json docs/openapi.json $(shell find ui/src ui/public internal/language ui/*.ts ui/*.html ui/tsconfig.json -type f -not -name '*.go')
	npm --prefix ui run build
	touch $@

e2e/browser/node_modules/.package-lock.json: e2e/browser/package-lock.json
	npm --prefix e2e/browser ci --no-audit --no-fund
	touch $@

# PostgreSQL's server programs, nginx and Chromium, by apt where that is allowed.
tools:
	@missing=()
	if ! command -v initdb >/dev/null && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && [ -z "$${TENURE_TEST_POSTGRES:-}" ]; then missing+=(postgresql); fi
	if ! PATH=$$PATH:/usr/sbin command -v nginx >/dev/null; then missing+=(nginx-light); fi
	if [ ! -x "$${TENURE_CHROMIUM:-/usr/bin/chromium-headless-shell}" ]; then missing+=(chromium-headless-shell); fi
	if [ $${#missing[@]} -gt 0 ]; then
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
			apt-get update -qq
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}"
		else
			echo "Please install: $${missing[*]}." >&2
			exit 1
		fi
	fi

test: tools build lint test-go test-ui test-browser

test-go:
	go vet ./...
	go run ./internal/db/dbtest/cluster -- go test -vet=off $(RACE) -timeout 15m $$(go list ./... | grep -vE '/(server/(matrix|long)|bench)$$')
	# What is about size and speed and not about races is built without the detector.
	go run ./internal/db/dbtest/cluster -- go test -vet=off -timeout 15m ./internal/server/matrix ./internal/server/long ./bench

test-ui: ui
	npm --prefix ui run check
	npm --prefix ui test

test-browser: build witness e2e/browser/node_modules/.package-lock.json
	npm --prefix e2e/browser run check
	npm --prefix e2e/browser test

lint: ui/node_modules/.package-lock.json
	test -z "$$(gofmt -l $$(git ls-files '*.go'))"
	go run $(STATICCHECK) ./...
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true npm --prefix ui run --silent lint:api

# Looks for inputs that break something: make fuzz TARGET=FuzzBodies TIME=10m, or
# every target for a moment. What it finds it keeps in testdata/fuzz of the room.
TIME ?= 3s
fuzz:
	grep -roE '^func Fuzz\w+' --include='*_test.go' internal | while IFS=: read -r file target; do
		target=$${target#func }
		if [ -z "$(TARGET)" ] || [ "$(TARGET)" = "$$target" ]; then
			TENURE_TEST_ENGINES=sqlite go test "./$$(dirname "$$file")" -run '^$$' -fuzz "^$$target\$$" -fuzztime "$(TIME)"
		fi
	done

# The long forms of what `make test` does for seconds; docs/long-forms.md has what
# they found. For example: make long FORM=histories ROUNDS=1000
LONG := go run ./internal/db/dbtest/cluster -- go test -v -timeout 0
ROUNDS ?= 100
long:
	@case "$(FORM)" in
		models) $(LONG) ./e2e/model -rapid.checks=$(ROUNDS) -rapid.steps=100 ;;
		histories) TENURE_HISTORIES=$(ROUNDS) TENURE_HISTORY_OPERATIONS=500 $(LONG) ./e2e/history ;;
		crashes) TENURE_CRASH_EVERYWHERE=yes $(LONG) -count=$(ROUNDS) ./e2e/crash ;;
		kills) TENURE_KILL_ROUNDS=$(ROUNDS) $(LONG) -run TestNoAcknowledgedWriteIsLost ./e2e ;;
		demotions) $(LONG) -count=$(ROUNDS) -run TestConcurrentDemotionsLeaveAnOwner ./internal/member ;;
		acceptances) $(LONG) -count=$(ROUNDS) -run TestConcurrentAcceptancesMakeOneMembership ./internal/invitation ;;
		ledger) $(LONG) -run TestTheLedgerDoesWhatMapsDo ./internal/credit -rapid.checks=$(ROUNDS) -rapid.steps=200 ;;
		*) echo "Say which: FORM=models, histories, crashes, kills, demotions, acceptances or ledger." >&2; exit 1 ;;
	esac

# Two commands are all a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
BROKER ?= embedded
BIN := .venv/bin
KAFKA_JARS := deploy/kafka/jars

.PHONY: help install demo test test-long lint format types layers schemas metrics check lock kafka train golden worthiness bench bench-observe faults faults-short fuzz clean

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */  make \1\t/' | expand -t 18

install: .venv/installed  ## the virtual environment with the locked dependencies

.venv/installed: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Claimwire needs Python 3.11, 3.12 or 3.13; `$(PYTHON)` is %d.%d. Try: make PYTHON=python3.12 ..." % sys.version_info[:2] if not (3, 11) <= sys.version_info[:2] <= (3, 13) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## articles in, claims out, on a broker of its own (BROKER=kafka: a real one)
	@$(BIN)/claimwire demo --broker $(BROKER)

test: install  ## the whole suite, on a real Apache Kafka where Java and Maven are there
	@$(MAKE) --no-print-directory kafka || echo "The Kafka jars could not be fetched: the tests fall back to the embedded broker."
	@$(BIN)/python -m pytest

FAULT ?=
# a fault by its name in docs/reliability.md, as FAULT=broker-killed
CHOSEN = $(if $(FAULT),-k "$(subst -,_,$(FAULT))")

faults: install kafka  ## the fault suite: each fault over 5,000 records on three Kafka nodes (FAULT=broker-killed: one)
	CLAIMWIRE_TEST_KAFKA=required CLAIMWIRE_TEST_FAULTS_REPORT=1 $(BIN)/python -m pytest -m faults tests/faults $(CHOSEN)

faults-short: install kafka  ## three faults over a few hundred records
	CLAIMWIRE_TEST_KAFKA=required CLAIMWIRE_TEST_FAULT_RECORDS=400 $(BIN)/python -m pytest -m faults tests/faults \
	  -k "worker_killed or broker_killed or poison_some"

MINUTES ?= 10

fuzz: install  ## coverage-guided fuzzing of decoder and extraction (MINUTES=10)
	$(BIN)/python -m tests.fuzz.guided both --seconds $$(( $(MINUTES) * 60 ))

test-long: install kafka  ## what takes minutes each on a real Kafka: Faust's losses beside our guard, replays killed, the breaker
	CLAIMWIRE_TEST_KAFKA=required $(BIN)/python -m pytest -m long

kafka:  ## the jars of a real Apache Kafka, once, where Java and Maven are there
	@if [ -e $(KAFKA_JARS)/.complete ]; then :; \
	elif command -v mvn >/dev/null && command -v java >/dev/null; then \
	  echo "Fetching Apache Kafka from Maven Central into $(KAFKA_JARS) (44 MB, once)"; \
	  mvn -q -f deploy/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$(CURDIR)/$(KAFKA_JARS)" \
	  && touch $(KAFKA_JARS)/.complete; \
	else echo "No Java or no Maven here: the tests fall back to the embedded broker."; fi

DATA ?= ../shared/data
RUN ?= training/.cache/run
SEED ?= 1

train: .venv-train/installed  ## train the attribution model (DATA=folder of the corpus; about half an hour on 2 cores)
	.venv-train/bin/python -m training.prepare $(DATA)/polnear-train.jsonl.gz $(DATA)/polnear-dev.jsonl.gz
	.venv-train/bin/python -m training.train $(RUN) --seed $(SEED)
	.venv-train/bin/python -m training.export $(RUN) worker/extraction/models/attribution

.venv-train/installed: requirements/train.txt
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/train.txt
	@touch $@

golden: install  ## record the figures on the hand-judged articles, which the tests compare with
	$(BIN)/python -m worker.measure.figures tests/golden/articles tests/golden/figures.json
	$(BIN)/python -m worker.measure.figures tests/golden/held_out tests/golden/figures-held-out.json

worthiness: install  ## fit the check-worthiness model on the judgements in tests/golden
	$(BIN)/python -m training.check_worthiness tests/golden/check_worthiness.jsonl worker/extraction/data/check_worthiness.json

bench: install  ## speed of the extraction against the parse alone, in one run
	$(BIN)/python -m bench.extraction_speed

bench-observe: install  ## what observing costs, in turns with and without
	$(BIN)/python -m bench.observe_overhead

lint: install  ## ruff: rules and layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: install  ## put the code into layout
	$(BIN)/ruff check --fix-only --quiet . ; $(BIN)/ruff format --quiet .

types: install  ## mypy, strict
	$(BIN)/mypy

layers: install  ## who may import whom
	$(BIN)/lint-imports

schemas: install  ## write schemas/ from worker/contract
	$(BIN)/python -m worker.contract.schemas schemas

metrics: install  ## write docs/metrics.md from worker/observe/metrics.py
	$(BIN)/python -m worker.observe.reference

check: lint types layers  ## all that is checked without running
	$(BIN)/python -m worker.contract.schemas schemas --check
	$(BIN)/python -m worker.observe.reference --check

lock:  ## renew requirements/*.txt (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url -q -o requirements/worker.txt
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url -q -o requirements/dev.txt
	uv pip compile pyproject.toml --extra train --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url -q -o requirements/train.txt

clean:  ## remove what was built
	rm -rf .venv .venv-train $(KAFKA_JARS) dist

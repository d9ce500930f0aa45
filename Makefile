# Two commands are all a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
BROKER ?= embedded
BIN := .venv/bin
KAFKA_JARS := deploy/kafka/jars
# onnxruntime sends nothing home, whatever imports it
export ORT_DISABLE_TELEMETRY := 1

.PHONY: settings node-tools licences advisories sbom help install demo test test-long wheel wheel-test simulate lint format types layers schemas metrics check lock kafka helm train student golden worthiness relations bench bench-short bench-observe faults faults-short linking-load fuzz worst-cost clean

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

SIDE_BY_SIDE ?= 3
# files of tests that run at the same time, each row with a Kafka of its own: on two cores a third of the time is waiting even so

test: install  ## the whole suite, on a real Apache Kafka where Java and Maven are there (SIDE_BY_SIDE=1: one test after the other)
	@$(MAKE) --no-print-directory kafka || echo "The Kafka jars could not be fetched: the tests fall back to the embedded broker."
	@PATH="$(CURDIR)/.helm:$$PATH" $(BIN)/python -m pytest $(if $(filter-out 1,$(SIDE_BY_SIDE)),-n $(SIDE_BY_SIDE) --dist loadfile)

FAULT ?=
# a fault by its name in docs/reliability.md, as FAULT=broker-killed
CHOSEN = $(if $(FAULT),-k "$(subst -,_,$(FAULT))")

faults: install kafka  ## the fault suite: each fault over 5,000 records on three Kafka nodes (FAULT=broker-killed: one)
	CLAIMWIRE_TEST_KAFKA=required CLAIMWIRE_TEST_FAULTS_REPORT=1 $(BIN)/python -m pytest -m faults tests/faults $(CHOSEN)
ifeq ($(FAULT),)
	CLAIMWIRE_TEST_KAFKA=required CLAIMWIRE_TEST_PAUSES=20 CLAIMWIRE_TEST_ARTICLES=200 $(BIN)/python -m pytest \
	  tests/streaming/stateful/test_pauses.py tests/streaming/stateful/test_held_networks.py
endif

faults-short: install kafka  ## three faults and an upgrade over a few hundred records, two at the same time
	CLAIMWIRE_TEST_KAFKA=required CLAIMWIRE_TEST_FAULT_RECORDS=400 $(BIN)/python -m pytest -m faults tests/faults -n 2 --dist load \
	  -k "worker_killed or broker_killed or poison_some or rolling_upgrade"

MINUTES ?= 10

fuzz: install  ## coverage-guided fuzzing: each target of tests/fuzz/targets.py for ten minutes (MINUTES=10)
	$(BIN)/python -m tests.fuzz.guided all --seconds $$(( $(MINUTES) * 60 ))

worst-cost: install  ## search for the text that costs most CPU time for its length (MINUTES=30)
	$(BIN)/python -m tests.fuzz.worst_cost --minutes $(if $(filter command line,$(origin MINUTES)),$(MINUTES),30)

test-long: install kafka  ## what takes minutes each on a real Kafka: Faust's losses beside our guard, replays killed, the breaker
	CLAIMWIRE_TEST_KAFKA=required $(BIN)/python -m pytest -m long

VERSIONS ?= 2000

linking-load: install kafka  ## standing and relations of a long history while workers are killed (VERSIONS=20000)
	CLAIMWIRE_TEST_KAFKA=required CLAIMWIRE_TEST_LINKED_VERSIONS=$(VERSIONS) $(BIN)/python -m pytest -s -m long \
	  tests/operation/test_linking_load.py

wheel: install  ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .

wheel-test: wheel  ## install the wheel with pip into an empty environment, and run it there (PYTHON=python3.13: another Python)
	rm -rf .venv-wheel && $(PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip install --quiet --disable-pip-version-check "$$(ls dist/claimwire-*.whl | tail -1)[demo]"
	@du -sh .venv-wheel
	CLAIMWIRE_TEST_INSTALLED=$(CURDIR)/.venv-wheel $(BIN)/python -m pytest tests/wheel

SCHEDULES ?= 10000

simulate: install  ## interleavings of lifecycle workers that pause and die, in simulated time (SCHEDULES=10000)
	CLAIMWIRE_TEST_SCHEDULES=$(SCHEDULES) $(BIN)/python -m pytest --timeout 3600 tests/streaming/stateful/test_simulation.py

kafka:  ## the jars of a real Apache Kafka, once, where Java and Maven are there
	@if [ -e $(KAFKA_JARS)/.complete ]; then :; \
	elif command -v mvn >/dev/null && command -v java >/dev/null; then \
	  echo "Fetching Apache Kafka from Maven Central into $(KAFKA_JARS) (44 MB, once)"; \
	  mvn -q -f deploy/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$(CURDIR)/$(KAFKA_JARS)" \
	  && touch $(KAFKA_JARS)/.complete; \
	else echo "No Java or no Maven here: the tests fall back to the embedded broker."; fi

HELM_VERSION := v3.18.6

helm: .helm/helm  ## Helm, built once with Go, for the tests of the chart

.helm/helm:
	@echo "Building Helm $(HELM_VERSION) (once, some minutes)"
	GOBIN=$(CURDIR)/.helm go install helm.sh/helm/v3/cmd/helm@$(HELM_VERSION)

DATA ?= ../shared/data
RUN ?= training/.cache/run
STUDENT ?= training/.cache/student
TEACHER ?= worker/extraction/models/attribution
SEED ?= 1

train: .venv-train/installed  ## train the attribution model (DATA=folder of the corpus; about half an hour on 2 cores)
	.venv-train/bin/python -m training.prepare $(DATA)/polnear-train.jsonl.gz $(DATA)/polnear-dev.jsonl.gz
	.venv-train/bin/python -m training.train $(RUN) --seed $(SEED)
	.venv-train/bin/python -m training.export $(RUN) worker/extraction/models/attribution

student: .venv-train/installed  ## a narrower network that gives what the one in TEACHER gives, into STUDENT (an hour and a half)
	.venv-train/bin/python -m training.prepare $(DATA)/polnear-train.jsonl.gz $(DATA)/polnear-dev.jsonl.gz $(DATA)/synthetic-news.jsonl.gz
	.venv-train/bin/python -m training.distil $(RUN)-student --teacher $(TEACHER) --seed $(SEED)
	.venv-train/bin/python -m training.distil $(RUN)-int8 --teacher $(TEACHER) --after $(RUN)-student/model.pt --as-int8 --epochs 1.7 --rate 1e-4 --seed $(SEED)
	.venv-train/bin/python -m training.export $(RUN)-int8 $(STUDENT)

.venv-train/installed: requirements/train.txt
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/train.txt
	@touch $@

golden: install  ## record the figures on the hand-judged articles, which the tests compare with
	$(BIN)/python -m worker.measure.figures tests/golden/articles tests/golden/figures.json
	$(BIN)/python -m worker.measure.figures tests/golden/held_out tests/golden/figures-held-out.json

worthiness: install  ## fit the check-worthiness model on the judgements in tests/golden, and on the features in PUBLIC=folder
	$(BIN)/python -m training.check_worthiness tests/golden/check_worthiness.jsonl worker/extraction/data/check_worthiness.json \
	  $(if $(PUBLIC),--public $(PUBLIC)/train.jsonl --public-dev $(PUBLIC)/dev.jsonl)

relations: install  ## fit the comparer of claims on the judged pairs and on unrelated stories (STREAM=file), and measure it on a public set (PAIRS=file of ClaimDiff)
	$(BIN)/python -m training.relations tests/golden/pairs worker/link/relations/data/comparer.json $(if $(STREAM),--stream $(STREAM)) $(if $(PAIRS),--public $(PAIRS))

RATE ?= 25

bench: install kafka  ## every bench that keeps figures, then the tables and pictures of docs (half an hour; RATE=articles a second, DATA=)
	$(BIN)/python -m bench.extraction_speed
	$(BIN)/python -m bench.growth $(wildcard $(DATA)/synthetic-news.jsonl.gz)
	$(BIN)/python -m bench.plumbing
	$(BIN)/python -m bench.growth_in_kafka
	$(BIN)/python -m bench.kafka_against_bare
	$(BIN)/python -m bench.latency --rate $(RATE)
	$(BIN)/python -m bench.footprint
	$(BIN)/python -m bench.start_to_claim .
	$(BIN)/python -m bench.peers.speed $(if $(wildcard .venv-peers/bin/python),--textacy .venv-peers/bin/python)
	$(BIN)/python -m bench.simulation
	$(BIN)/python -m bench.report

bench-short: install kafka  ## two ratios of CPU seconds against the figures that are kept: what became slower
	$(BIN)/python -m bench.short

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
	$(BIN)/python -m worker.contract.published.schemas schemas

metrics: install  ## write docs/metrics.md from worker/observe/metrics.py
	$(BIN)/python -m worker.observe.reference

NODE_TOOLS := tests/contract/published/node

node-tools:  ## what tests of the contract need of npm: TypeScript, the schema of AsyncAPI
	npm ci --silent --no-audit --no-fund --prefix $(NODE_TOOLS)

settings: install  ## write docs/settings.md from worker/settings.py
	$(BIN)/python -m worker.settings_reference

check: lint types layers licences  ## all that is checked without running
	$(BIN)/python -m worker.contract.published.schemas schemas --check
	$(BIN)/python -m worker.observe.reference --check
	$(BIN)/python -m worker.settings_reference --check

licences: install  ## whether the licences of the locked packages are allowed (supply/licences.toml)
	$(BIN)/python -m supply.licences

OSV := dist/osv-pypi.zip

advisories: install  ## whether a locked package has a published vulnerability (fetches OSV's file of advisories, 30 MB)
	@mkdir -p dist
	curl --fail --silent --show-error --location --time-cond $(OSV) -o $(OSV) https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip
	$(BIN)/python -m supply.advisories $(OSV)

sbom: dist/claimwire.cdx.json  ## what the worker is made of, from its lock, as CycloneDX: dist/claimwire.cdx.json

dist/claimwire.cdx.json: .venv-sbom/installed requirements/worker.txt pyproject.toml
	@mkdir -p dist
	.venv-sbom/bin/cyclonedx-py requirements requirements/worker.txt --pyproject pyproject.toml --output-reproducible \
	  --spec-version 1.6 -o $@

.venv-sbom/installed: requirements/sbom.txt
	$(PYTHON) -m venv .venv-sbom
	.venv-sbom/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sbom.txt
	@touch $@

lock:  ## renew requirements/*.txt (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url -q -o requirements/worker.txt
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url -q -o requirements/dev.txt
	for extra in archives tracing; do uv pip compile pyproject.toml --extra $$extra --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url -q -o requirements/$$extra.txt; done
	for tools in build sbom; do uv pip compile requirements/$$tools.in --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url -q -o requirements/$$tools.txt; done
	uv pip compile pyproject.toml --extra train --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url -q -o requirements/train.txt

clean:  ## remove what was built
	rm -rf .venv .venv-train .venv-sbom .venv-wheel $(KAFKA_JARS) dist

# The only entry points of the project. `make help` lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV   := .venv
PYTHON := $(VENV)/bin/python
PREFIX ?= /usr/local
OUT    ?=
RUST   := $(shell find ehelse-core ehelse-py ehelse-capi seeds -name '*.rs' -o -name '*.toml' 2>/dev/null) Cargo.toml Cargo.lock
PY     := $(shell find ehelse-py/python -name '*.py' -o -name '*.pyi' -o -name '*.toml' -o -name '*.css' 2>/dev/null)

.PHONY: help monitor test test-rust c-library test-c test-python test-cxx test-memory test-instructions test-r header lint bench bench-kernels install docs clean prerequisites

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

prerequisites:
	@sh scripts/prerequisites

# The Python package, in the project's own environment.
$(VENV)/.python: | prerequisites
	@python3 -m venv $(VENV)
	@touch $@

$(VENV)/.monitor: requirements.lock $(VENV)/.python
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

$(VENV)/.test: tests/python/requirements.lock $(VENV)/.monitor
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r tests/python/requirements.lock
	@touch $@

$(VENV)/.bench: bench/requirements.lock $(VENV)/.test
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r bench/requirements.lock
	@touch $@

$(VENV)/.package: $(RUST) $(PY) ehelse-py/pyproject.toml $(VENV)/.monitor
	@echo "building the Python package (about two minutes the first time)"
	@. $(VENV)/bin/activate && CARGO_TARGET_DIR=target/python maturin develop --quiet --release --manifest-path ehelse-py/Cargo.toml
	@touch $@

monitor: $(VENV)/.package ## Compute a monitor: synthetic, or CONFIG=monitor.toml DATA=folder
	@$(PYTHON) -m ehelse.cli monitor $(if $(CONFIG),"$(CONFIG)") $(if $(DATA),--data "$(DATA)") $(if $(OUT),--out "$(OUT)") $(if $(ROWS),--rows $(ROWS)) $(if $(SEED),--seed $(SEED))

test: test-rust test-c test-python ## All tests that need only cargo, python3 and gcc

test-rust: | prerequisites
	cargo test --workspace --all-features --locked --quiet

# The C library, and the flat form of the corpus that its runner reads.
c-library: | prerequisites
	@cargo build --quiet --workspace --exclude ehelse-py --all-features --locked
	@cargo test --quiet --workspace --all-features --locked --test cases >/dev/null

test-c: test-rust c-library
	sh tests/c/run cc

test-python: c-library $(VENV)/.package $(VENV)/.test
	$(PYTHON) -m mypy.stubtest ehelse._ehelse --ignore-missing-stub
	$(PYTHON) -m pytest tests/python

test-cxx: c-library ## The header and the C tests as C++17
	@sh scripts/need g++ g++ 'the header is checked as C++17'
	sh tests/c/run c++

test-memory: c-library ## The C tests under valgrind
	@sh scripts/need valgrind valgrind 'memory is checked by it'
	sh tests/c/run valgrind

test-instructions: | prerequisites ## Instructions of each kernel for a row, beside their budget
	@sh scripts/need valgrind valgrind 'instructions are counted by it'
	cargo build --release --quiet --locked -p ehelse-bench
	python3 bench/instructions.py target/release/instructions

test-r: | prerequisites ## Survey proportions beside those of R's survey package
	@sh scripts/need Rscript r-base-core 'R computes what is expected'
	@sh scripts/need 'Rscript --vanilla -e "library(survey)"' r-cran-survey 'surveys are held against it'
	sh tests/r/run

header: $(VENV)/.package $(VENV)/.test ## Make the header and the schemas in include/ anew, and the stubs of the Python package
	EHELSE_WRITE=1 cargo test --quiet --locked -p ehelse-capi --test header
	EHELSE_WRITE=1 cargo test --quiet --locked -p ehelse-core --lib schema
	$(PYTHON) scripts/stubs.py

lint: $(VENV)/.test ## Formatting, clippy, ruff and mypy
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
	$(VENV)/bin/ruff check ehelse-py tests/python bench scripts
	$(VENV)/bin/ruff format --check ehelse-py tests/python bench scripts
	$(VENV)/bin/mypy --strict --config-file ehelse-py/pyproject.toml ehelse-py/python scripts/topics

bench: $(VENV)/.package $(VENV)/.bench ## Our kernels beside their peers; ROWS="1000000 100000000", KERNELS=visits,count, RUNS=5
	$(PYTHON) bench/bench.py $(if $(ROWS),--rows $(ROWS)) $(if $(KERNELS),--kernels $(KERNELS)) $(if $(RUNS),--runs $(RUNS))

bench-kernels: | prerequisites ## Times of each kernel by itself
	cargo bench --locked -p ehelse-bench

docs: $(VENV)/.package ## The pages of docs/topics, and the API documentation in target/doc
	$(PYTHON) scripts/topics
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --all-features --no-deps --locked

install: | prerequisites ## The C library, its header and pkg-config file under PREFIX (DESTDIR is heeded)
	cargo build --release --locked -p ehelse-capi
	sh scripts/install-c "$(DESTDIR)" "$(PREFIX)"

clean: ## Remove what was built
	rm -rf target $(VENV) monitor-out

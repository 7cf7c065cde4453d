# Set-up, demo, tests and checks. `make demo` on a fresh clone needs git, make and Python 3.11-3.13;
# all else it fetches into .venv. GPU=1 takes TensorFlow for NVIDIA GPUs instead of the one for CPUs.

SHELL := bash
export PATH := $(CURDIR)/.venv/bin:$(PATH)
LOCK := envs/$(if $(GPU),gpu,cpu).lock.txt
READY := .venv/.ready-$(notdir $(LOCK))
SNAKEFILES := Snakefile workflow/Snakefile workflow/rules/*.smk

.PHONY: help demo test test-unit test-slow test-all test-yeast test-cluster test-conda bench setup lint lock clean

help: ## list these commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 14

# A progress bar on a terminal, a line per job elsewhere; the full log is in .snakemake/log/.
NOISE := ^(Assuming|Building|Using|Provided|Rules claiming|Select|Execute|\[|Finished jobid|$$)
demo: SHELL += -o pipefail
demo: setup ## simulate three experiments, run the whole chain on them
	@if [ -t 2 ]; then snakemake --logger rich; else \
	snakemake --quiet rules host reason 2>&1 | grep --line-buffered -vE '$(NOISE)'; fi
	@echo "Open results/index.html"

# One worker a core; a file's tests in one worker, as they share what its fixtures make.
PYTEST := pytest -n logical --dist loadfile --no-loadscope-reorder

test: setup ## tests of units and of whole runs, but the slow ones
	$(PYTEST) -m "not slow"

test-unit: setup ## tests of the library and the scripts alone, in about a minute
	$(PYTEST) tests/unit

test-slow: setup ## the slow tests: whole runs of other kinds of input, five factors of yeast, SLURM
	$(PYTEST) -m slow

test-all: setup ## all tests
	$(PYTEST)

test-yeast: setup ## all ten factors of yeast, of which the other tests take every other one
	YEAST=all pytest -s tests/integration/test_yeast.py

test-cluster: setup ## the demo on a SLURM of one node, started for it; root and apt-get install slurmctld slurmd munge
	pytest -s tests/cluster

test-conda: setup ## the demo in the environments of envs/, made by uv in the place of conda
	TEST_CONDA=1 pytest tests/integration/test_conda.py

bench: setup ## speed of the library as ratios to the obvious way
	python tests/benchmarks/ratios.py

setup: $(READY) ## the environment in .venv, once; again when its lock changed

$(READY): $(LOCK) envs/setup.sh
	@rm -f .venv/.ready-*
	bash envs/setup.sh $(LOCK)
	@touch $@

lint: setup ## style of code and rules; conda environments against the lock
	ruff check .
	ruff format --check .
	snakefmt --check $(SNAKEFILES)
	snakemake --lint
	python tests/check_envs.py

COMPILE := --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url
COMPILE += $(if $(UPGRADE),--upgrade)

lock: setup ## write both locks anew from pyproject.toml; UPGRADE=1 takes newer versions
	uv pip compile $(COMPILE) --extra cpu --extra cluster --extra dev pyproject.toml -o envs/cpu.lock.txt
	uv pip compile $(COMPILE) --extra gpu --extra cluster pyproject.toml -o envs/gpu.lock.txt

clean: ## remove environment and caches; `snakemake --delete-all-output` removes results
	rm -rf .venv .pytest_cache .ruff_cache

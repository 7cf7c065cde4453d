#!/usr/bin/env bash
# Fill .venv from a hashed lock, warm its caches, find bedtools. Called by `make setup`:
#   bash envs/setup.sh envs/cpu.lock.txt
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
lock=$1

say() { echo "setup: $*"; }
stop() {
  echo "setup: $*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null; }
is_root() { [ "$(id -u)" = 0 ]; }
apt_install() {
  is_root && have apt-get || return 1
  say "apt-get install $1"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$1"; } >/dev/null
}

supported_python() { # the first Python that pyproject.toml allows
  local python
  for python in python3 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  return 1
}

make_venv() {
  local python
  if have uv; then # also fetches a Python when the system has none that fits
    uv venv --quiet --allow-existing --python '>=3.11,<3.14' .venv
    return
  fi
  python=$(supported_python) ||
    stop "no Python 3.11-3.13 here: install one (Debian, Ubuntu: apt-get install python3-venv) or uv"
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then # Debian keeps these apart
    apt_install "$(basename "$(readlink -f "$(command -v "$python")")")-venv" ||
      stop "Python has no venv module: as root, apt-get install python3-venv"
  fi
  "$python" -m venv .venv
}

install_packages() {
  have uv || .venv/bin/pip install --quiet --disable-pip-version-check uv
  uv pip sync --quiet --python .venv/bin/python --require-hashes --compile-bytecode "$lock"
}

find_bedtools() { # conda's own goes into a prefix inside .venv, with a link on the path of `make`
  local conda
  have bedtools && return
  apt_install bedtools && return
  for conda in micromamba mamba conda; do
    have "$conda" || continue
    say "$conda create: bedtools"
    "$conda" create --yes --quiet --prefix .venv/bedtools \
      --channel conda-forge --channel bioconda bedtools >/dev/null || continue
    ln -sf ../bedtools/bin/bedtools .venv/bin/bedtools
    return
  done
  stop "no bedtools: as root, apt-get install bedtools; or conda install -c conda-forge -c bioconda" \
    "bedtools; or put the binary of https://github.com/arq5x/bedtools2/releases on the PATH"
}

{ [ -x .venv/bin/python ] && { have uv || [ -x .venv/bin/pip ]; }; } || make_venv
find_bedtools
say "packages of $lock"
install_packages
say "compiling Tomtom"
bash envs/motifs.post-deploy.sh
say "done"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Set up .venv from the lock, hashes checked, and install this project into it.
#   sh tools/setup.sh run    what the programs need
#   sh tools/setup.sh dev    the same and what checks, tests and benchmarks need
# Quick when nothing changed: a stamp is kept per lock and pyproject.toml.
set -eu

say() { printf 'setup: %s\n' "$*" >&2; }
give_up() {
    say "$@"
    exit 1
}

case "${1:-}" in
run) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*) give_up "say which: run or dev" ;;
esac
cd "$(dirname "$0")/.."

find_python() {
    for name in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$name"
            return
        fi
    done
    give_up "Python 3.11 or newer is needed. On Debian or Ubuntu: apt-get install python3 python3-venv"
}

stamp_of() {
    printf '.venv/stamp-%s' "$(cat "$1" pyproject.toml tools/setup.sh | cksum | tr -d ' ')"
}

if [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null; then
    # The dev lock holds everything of the run lock, so its stamp serves both.
    [ -e "$(stamp_of "$lock")" ] && exit 0
    [ -e "$(stamp_of requirements-dev.lock)" ] && exit 0
else
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        give_up "this Python has no venv module. On Debian or Ubuntu: apt-get install python3-venv"
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

say "installing $lock (versions and hashes are fixed there)"
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement "$lock"
# setuptools comes from the lock, so building needs nothing that was not checked.
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
rm -f .venv/stamp-*
: >"$(stamp_of "$lock")"
say "ready"

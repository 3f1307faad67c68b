#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Resolve both locks from pyproject.toml, for every platform, with hashes and without naming a host.
set -eu
cd "$(dirname "$0")/.."
lock() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links pyproject.toml "$@"
}
lock --group build --output-file requirements.lock
lock --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock

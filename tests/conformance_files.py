# SPDX-License-Identifier: Apache-2.0
"""Where third-party test vectors lie, and a loud skip where they do not."""

import os
from pathlib import Path

import pytest

__all__ = ["find_conformance_files"]

FOLDER = "KEREGE_CONFORMANCE"
"""Environment variable: the folder of vectors; by default `shared/conformance` of a parent."""


def find_conformance_files(pattern: str) -> list[Path]:
    """Return the vector files that match `pattern`, sorted; skip the test if there are none."""
    folders = [parent / "shared/conformance" for parent in Path(__file__).resolve().parents]
    if FOLDER in os.environ:
        folders = [Path(os.environ[FOLDER])]
    for folder in folders:
        if found := sorted(folder.glob(pattern)):
            return found
    pytest.skip(f"NO CONFORMANCE VECTORS {pattern}: set {FOLDER} to their folder")

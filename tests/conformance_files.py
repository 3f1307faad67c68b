# SPDX-License-Identifier: Apache-2.0
"""Where the third-party test data is: `KEREGE_CONFORMANCE`, or `shared/conformance` above us."""

import os
from pathlib import Path

import pytest

__all__ = ["conformance_files"]


def conformance_files(pattern: str) -> list[Path]:
    """The files of the conformance folder that match a glob; skips the test if there are none."""
    configured = os.environ.get("KEREGE_CONFORMANCE")
    parents = Path(__file__).resolve().parents
    folders = (
        [Path(configured)] if configured else [above / "shared/conformance" for above in parents]
    )
    folder = next((folder for folder in folders if folder.is_dir()), None)
    found = sorted(folder.glob(pattern)) if folder else []
    if not found:
        pytest.skip(reason=f"no {pattern} in {folder or 'shared/conformance of any parent folder'}")
    return found

# SPDX-License-Identifier: Apache-2.0
"""transparency-dev/merkle's own probes of inclusion and consistency verification."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from kerege.translog.tree import ProofError, verify_consistency, verify_inclusion
from tests.conformance_files import find_conformance_files


def _decoded(text: str | None) -> bytes:
    # Go writes an absent slice as null.
    return base64.b64decode(text or "")


def _check(probe: dict[str, Any]) -> None:
    proof = [_decoded(text) for text in probe["proof"] or ()]
    if "leafIdx" in probe:
        verify_inclusion(
            _decoded(probe["leafHash"]),
            index=probe["leafIdx"],
            size=probe["treeSize"],
            proof=proof,
            root=_decoded(probe["root"]),
        )
    else:
        verify_consistency(
            old_size=probe["size1"],
            old_root=_decoded(probe["root1"]),
            new_size=probe["size2"],
            new_root=_decoded(probe["root2"]),
            proof=proof,
        )


def _wrong(path: Path) -> str | None:
    probe = json.loads(path.read_text())
    try:
        _check(probe)
    except ProofError as error:
        return None if probe["wantErr"] else f"{path.name}: refused: {error}"
    return f"{path.name}: accepted" if probe["wantErr"] else None


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_every_probe_is_judged_as_its_authors_judge_it(kind: str) -> None:
    paths = find_conformance_files(f"merkle/{kind}/**/*.json")
    assert [fault for path in paths if (fault := _wrong(path))] == []

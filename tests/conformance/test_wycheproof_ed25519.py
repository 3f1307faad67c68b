# SPDX-License-Identifier: Apache-2.0
"""Ed25519 edge cases by Wycheproof: the policy of docs/decisions/ed25519-verification.md."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kerege.keys import Algorithm, InvalidSignatureError, KeyEncodingError, PublicKey
from tests.conformance_files import find_conformance_files


def _cases(path: Path) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    for group in json.loads(path.read_text(encoding="utf-8"))["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            yield f"{path.name} tcId {case['tcId']}", public, case


def _is_accepted(public: bytes, case: dict[str, Any]) -> bool:
    try:
        key = PublicKey(Algorithm.ED25519, public)
        key.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
    except (InvalidSignatureError, KeyEncodingError):
        return False
    return True


def test_every_vector_has_the_verdict_it_names() -> None:
    wrong, count = [], 0
    for path in find_conformance_files("crypto/wycheproof_ed25519*.json"):
        for place, public, case in _cases(path):
            count += 1
            # "acceptable" leaves it to the implementation: our policy is to accept no such case.
            if _is_accepted(public, case) != (case["result"] == "valid"):
                wrong.append(f"{place}: {case['result']}, {case['comment']}")
    assert count > 0
    assert wrong == []

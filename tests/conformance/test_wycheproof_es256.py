# SPDX-License-Identifier: Apache-2.0
"""ES256 edge cases by Wycheproof: the policy of docs/decisions/es256-verification.md."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kerege.keys import Algorithm, InvalidSignatureError, KeyEncodingError, PublicKey, parse_jwk
from tests.conformance_files import find_conformance_files

PATTERN = "crypto/wycheproof_ecdsa_secp256r1_sha256_p1363*.json"


def _groups() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in find_conformance_files(PATTERN):
        for group in json.loads(path.read_text(encoding="utf-8"))["testGroups"]:
            yield path, group


def _is_accepted(public: bytes, case: dict[str, Any]) -> bool:
    try:
        key = PublicKey(Algorithm.ES256, public)
        key.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
    except (InvalidSignatureError, KeyEncodingError):
        return False
    return True


def test_every_vector_has_the_verdict_it_names() -> None:
    wrong, count = [], 0
    for path, group in _groups():
        public = bytes.fromhex(group["publicKey"]["uncompressed"])
        for case in group["tests"]:
            count += 1
            # "acceptable" leaves it to the implementation: our policy is to accept no such case.
            if _is_accepted(public, case) != (case["result"] == "valid"):
                wrong.append(f"{path.name} tcId {case['tcId']}: {case['comment']}")
    assert count > 0
    assert wrong == []


def test_the_same_keys_as_jwk_are_the_same_keys() -> None:
    count = 0
    for _, group in _groups():
        if "publicKeyJwk" in group:
            jwk = parse_jwk(json.dumps(group["publicKeyJwk"]).encode())
            assert jwk.public_key.encoded.hex() == group["publicKey"]["uncompressed"]
            count += 1
    assert count > 0

# SPDX-License-Identifier: Apache-2.0
"""ML-DSA-44 verification vectors by Wycheproof, where the folder has them."""

import json
from typing import Any

from kerege.keys import Algorithm, InvalidSignatureError, KeyEncodingError, PrivateKey, PublicKey
from tests.conformance_files import find_conformance_files


def _is_accepted(public: bytes, case: dict[str, Any]) -> bool:
    try:
        key = PublicKey(Algorithm.ML_DSA_44, public)
        key.verify(bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
    except (InvalidSignatureError, KeyEncodingError):
        return False
    return True


def test_every_vector_has_the_verdict_it_names() -> None:
    wrong, count = [], 0
    for path in find_conformance_files("crypto/*mldsa_44_verify*.json"):
        for group in json.loads(path.read_text(encoding="utf-8"))["testGroups"]:
            # C2SP cosignatures use no context string, so neither do we.
            for case in (case for case in group["tests"] if not case.get("ctx")):
                count += 1
                accepted = _is_accepted(bytes.fromhex(group["publicKey"]), case)
                if accepted != (case["result"] == "valid"):
                    wrong.append(f"{path.name} tcId {case['tcId']}: {case['comment']}")
    assert count > 0
    assert wrong == []


def test_seeds_expand_to_the_public_keys_given() -> None:
    for path in find_conformance_files("crypto/*mldsa_44_sign_seed*.json"):
        for group in json.loads(path.read_text(encoding="utf-8"))["testGroups"]:
            seed = bytes.fromhex(group["privateSeed"])
            if len(seed) != 32 or not group["publicKey"]:
                continue  # groups of malformed seeds name no public key
            key = PrivateKey(Algorithm.ML_DSA_44, seed)
            assert key.public_key.encoded.hex() == group["publicKey"]
            key.public_key.verify(b"", key.sign(b""))

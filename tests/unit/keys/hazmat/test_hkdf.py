# SPDX-License-Identifier: Apache-2.0
"""HKDF gives what RFC 5869 appendix A says."""

from kerege.keys.hazmat import hkdf


def test_rfc_5869_case_1() -> None:
    derived = hkdf.derive(
        b"\x0b" * 22, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA)), size_bytes=42
    )
    assert derived.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_rfc_5869_case_3_without_salt_and_info() -> None:
    derived = hkdf.derive(b"\x0b" * 22, salt=b"", info=b"", size_bytes=42)
    assert derived.hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )

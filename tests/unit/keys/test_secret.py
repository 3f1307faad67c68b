# SPDX-License-Identifier: Apache-2.0
"""Secrets: one key a use, sealed texts that stay in their place, nothing shown by accident."""

import copy
import hmac

import pytest

from kerege.keys import IndexKey, KeyEncodingError, RootSecret, SealBrokenError, SealingKey

ROOT = RootSecret(bytes(range(32)))


def test_rfc_4231_case_2_with_the_key_filled_up() -> None:
    # RFC 2104 fills short keys with zeros, so that "Jefe" and its zeros are one key.
    key = IndexKey(b"Jefe" + bytes(28))
    assert key.tag(b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_every_use_has_its_own_key() -> None:
    used = [
        ROOT.sealing_key("vault").reveal(),
        ROOT.sealing_key("other").reveal(),
        ROOT.index_key("vault").reveal(),
        ROOT.index_key("other").reveal(),
        RootSecret(bytes(32)).sealing_key("vault").reveal(),
    ]
    assert len(set(used)) == len(used)
    assert ROOT.reveal() not in used
    assert ROOT.name == RootSecret(bytes(range(32))).name != RootSecret(bytes(32)).name


def _hkdf(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 section 2 for one block, by the standard library."""
    pseudorandom = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(pseudorandom, info + b"\1", "sha256")


def test_derived_keys_never_change_for_data_is_sealed_with_them() -> None:
    secret = ROOT.reveal()
    assert ROOT.sealing_key("vault").reveal() == _hkdf(secret, b"kerege v1 seal vault")
    assert ROOT.index_key("phone").reveal() == _hkdf(secret, b"kerege v1 index phone")
    assert ROOT.name == _hkdf(secret, b"kerege v1 name")[:8].hex()


def test_a_sealed_text_opens_in_its_place_only() -> None:
    key = ROOT.sealing_key("vault")
    sealed = key.seal(b"tea", place=b"cup")
    assert key.unseal(sealed, place=b"cup") == b"tea"
    for wrong_key, text, place in (
        (key, sealed, b"pot"),
        (ROOT.sealing_key("other"), sealed, b"cup"),
        (key, sealed[:-1], b"cup"),
        (key, b"", b"cup"),
        (key, bytes(27), b"cup"),
    ):
        with pytest.raises(SealBrokenError):
            wrong_key.unseal(text, place=place)


def test_no_two_sealed_texts_are_equal() -> None:
    key = ROOT.sealing_key("vault")
    assert key.seal(b"tea", place=b"cup") != key.seal(b"tea", place=b"cup")


def test_a_wrapped_key_opens_what_the_key_sealed() -> None:
    inner = SealingKey.generate()
    wrapped = ROOT.sealing_key("vault").wrap(inner, place=b"owner")
    opened = ROOT.sealing_key("vault").unwrap(wrapped, place=b"owner")
    assert opened.unseal(inner.seal(b"tea", place=b""), place=b"") == b"tea"
    with pytest.raises(SealBrokenError):
        ROOT.sealing_key("vault").unwrap(wrapped, place=b"another owner")


@pytest.mark.parametrize("secret", [ROOT, ROOT.sealing_key("a"), ROOT.index_key("a")])
def test_a_secret_shows_itself_to_nobody(secret: RootSecret | SealingKey | IndexKey) -> None:
    for text in (repr(secret), str(secret), f"{secret}"):
        assert secret.reveal().hex() not in text
        assert "hidden" in text
    with pytest.raises(TypeError, match="not picklable"):
        copy.copy(secret)
    assert not hasattr(secret, "__dict__")


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_a_secret_has_32_bytes(size: int) -> None:
    with pytest.raises(KeyEncodingError):
        RootSecret(bytes(size))

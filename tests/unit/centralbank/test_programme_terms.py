# SPDX-License-Identifier: Apache-2.0
"""Signed terms: read whole, verified with the key they name, or refused by name."""

import pytest

from kerege.centralbank.actions import MAX_TERMS_CHARACTERS, ActivateProgramme
from kerege.centralbank.actions_proposals import MAX_PROPOSAL_BYTES
from kerege.centralbank.programme_terms import check_terms, parse_terms, verify_terms
from kerege.keys import InvalidSignatureError, sign_compact
from kerege.payments import WalletId
from kerege.programmes.document import MAX_PROGRAMME_BYTES, PROGRAMME_TYP, MalformedProgramme
from tests.funders import meals, signed_terms
from tests.programmes import condition, programme, route
from tests.registers import Country, Wallet, key_of, kid_of

KEY = key_of("ministry")
FUNDER = Wallet(WalletId("wal_" + "7" * 32), KEY)


def test_what_was_signed_is_read_back() -> None:
    signed = parse_terms(signed_terms(meals(FUNDER), KEY).encode())
    assert (signed.programme, signed.kid) == (meals(FUNDER), kid_of(KEY))
    verify_terms(signed, KEY.public_key)
    with pytest.raises(InvalidSignatureError):
        verify_terms(signed, key_of("another").public_key)


def test_a_signature_for_another_use_is_none() -> None:
    signed = parse_terms(signed_terms(meals(FUNDER), KEY, typ="kerege-order").encode())
    with pytest.raises(InvalidSignatureError):
        verify_terms(signed, KEY.public_key)


@pytest.mark.parametrize("text", [b"", b"x", b"..", b"\xff.\xff.\xff", b"e30.e30.e30"])
def test_what_is_no_terms_is_refused_by_name(text: bytes) -> None:
    with pytest.raises(MalformedProgramme):
        parse_terms(text)


def test_terms_without_sense_or_with_an_error_are_refused_with_their_place() -> None:
    no_sense = programme(route("payer.kind"))
    nothing_passes = programme(route("payer.is_funder", condition("false"), arrival="unmark"))
    for terms, place in (
        (no_sense, "$.routes[0].when"),
        (nothing_passes, "$.routes[0].conditions"),
    ):
        signed = parse_terms(signed_terms(terms, KEY).encode())
        with pytest.raises(MalformedProgramme) as refused:
            check_terms(signed)
        assert refused.value.place == place


def test_a_document_that_is_too_long_is_told_so() -> None:
    long = b'{"id":"' + b"x" * MAX_PROGRAMME_BYTES + b'"}'
    signed = sign_compact(long, KEY, kid=kid_of(KEY), typ=PROGRAMME_TYP)
    with pytest.raises(MalformedProgramme, match="bytes, more than"):
        parse_terms(signed)


def test_the_longest_document_fits_a_proposal(country: Country) -> None:
    """Base64url twice: the terms in the proposal's JSON, the proposal in its own signature."""
    longest = sign_compact(b"x" * MAX_PROGRAMME_BYTES, KEY, kid=kid_of(KEY), typ=PROGRAMME_TYP)
    assert len(longest) <= MAX_TERMS_CHARACTERS
    action = ActivateProgramme(terms=longest.decode())
    text = country.sign_as("staff-aru", country.proposal(action, reason="я" * 300))
    assert len(text) <= MAX_PROPOSAL_BYTES

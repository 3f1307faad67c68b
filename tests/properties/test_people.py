# SPDX-License-Identifier: Apache-2.0
"""What people and programs may send a bank: whatever it is, the answer is ours."""

import datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.bank.guardianship import day_of
from kerege.bank.identity.client import Client, allows_redirect
from kerege.bank.identity.dpop import InvalidProof, check_proof
from kerege.bank.identity.tokens import InvalidToken, TokenSigner
from kerege.bank.identity.web import MalformedParameters, read_parameters, redirect_answer
from kerege.bank.personal_data import (
    MalformedPersonalData,
    PersonalData,
    check_personal_data,
    read_fields,
    write_fields,
)
from kerege.bank.screening_index import NameIndex
from kerege.bank.screening_list import MalformedList, read_csv_list, read_json_list
from kerege.bank.screening_matching import FULL_SCORE
from kerege.bank.screening_xml import read_xml_list
from kerege.bank.tiers import MalformedTiers, TierBook
from kerege.keys import RootSecret, SealBrokenError
from tests.made_up_list import LISTED
from tests.people import AIGERIM
from tests.signing_in import SIGNER

TODAY = datetime.date(2026, 11, 22)
ANY_TEXT = st.text(st.characters(), max_size=80)
INDEX = NameIndex([(LISTED.name, entry) for entry in LISTED.entries])
KEY = RootSecret(b"k" * 32).sealing_key("test")
SIGNED = TokenSigner(SIGNER)


@given(st.lists(ANY_TEXT, min_size=5, max_size=5))
def test_personal_data_is_taken_or_refused_and_then_stays(texts: list[str]) -> None:
    name, phone, tax_number, birth_date, address = texts
    given_data = PersonalData(
        name=name, phone=phone, tax_number=tax_number, birth_date=birth_date, address=address
    )
    try:
        kept = check_personal_data(given_data, today=TODAY)
    except MalformedPersonalData:
        return
    assert check_personal_data(kept, today=TODAY) == kept
    fields = {field: text for field, text in write_fields(kept).items() if text}
    assert read_fields(fields) == kept
    assert all(text.encode() for text in fields.values())


@given(st.binary(max_size=60), st.binary(max_size=20), st.integers(0, 2**20))
def test_a_seal_opens_whole_or_not_at_all(text: bytes, place: bytes, flip: int) -> None:
    sealed = KEY.seal(text, place=place)
    assert KEY.unseal(sealed, place=place) == text
    changed = bytearray(sealed)
    changed[flip % len(sealed)] ^= 1 + flip % 255
    if bytes(changed) != sealed:
        with pytest.raises(SealBrokenError):
            KEY.unseal(bytes(changed), place=place)
    with pytest.raises(SealBrokenError):
        KEY.unseal(sealed, place=place + b"x")


@given(ANY_TEXT | st.binary(max_size=80))
def test_parameters_are_read_or_refused(text: str | bytes) -> None:
    try:
        parameters = read_parameters(text)
    except MalformedParameters:
        return
    assert read_parameters(urlencode(parameters)) == parameters


@given(st.dictionaries(st.sampled_from(["code", "state", "iss"]), ANY_TEXT))
def test_a_redirect_leads_where_it_should(parameters: dict[str, str]) -> None:
    sendable = {name: text.encode(errors="replace").decode() for name, text in parameters.items()}
    answer = redirect_answer("https://app.example/cb", sendable)
    assert answer.location.startswith("https://app.example/cb")
    assert answer.location.isascii()
    assert answer.location.isprintable()


@given(ANY_TEXT, st.integers(0, 10**10))
def test_tokens_and_proofs_of_any_text_are_refused(text: str, now_s: int) -> None:
    with pytest.raises(InvalidToken):
        SIGNED.read_access(text, issuer="https://bank.example", now_us=now_s * 1_000_000)
    with pytest.raises(InvalidProof):
        check_proof(text, method="POST", url="https://bank.example", now_s=now_s)


LOOPBACK = Client(id="tool", name="Tool", redirect_uris=("http://127.0.0.1/done",))


@given(st.text("htp:/127.0@?#[]\\%done localevix", max_size=40), st.integers(-9, 99_999))
def test_a_loopback_address_is_one(rest: str, port: int) -> None:
    for uri in (rest, f"http://127.0.0.1{rest}", f"http://127.0.0.1:{port}{rest}"):
        if allows_redirect(LOOPBACK, uri):
            head, slash, tail = uri.removeprefix("http://127.0.0.1").partition("/done")
            assert (slash, tail) == ("/done", "")
            assert head == "" or (head[0] == ":" and 1 <= int(head[1:]) <= 65_535)


@given(ANY_TEXT, ANY_TEXT)
def test_any_name_is_looked_for(name: str, birth_date: str) -> None:
    looked = INDEX.look(name, kind="person", birth_date="1980-01-01", least=0)
    assert all(0 <= hit.score <= FULL_SCORE for hit in looked.hits)
    assert [hit.score for hit in looked.hits] == sorted(
        (hit.score for hit in looked.hits), reverse=True
    )


@given(st.binary(max_size=200) | ANY_TEXT.map(lambda text: text.encode(errors="replace")))
def test_lists_of_any_bytes_are_refused(data: bytes) -> None:
    for read in (
        read_json_list,
        lambda data: read_csv_list(data, name="own", version="1"),
        lambda data: read_xml_list(data, name="own"),
    ):
        with pytest.raises(MalformedList):
            read(data)


XML = "<sdnList><sdnEntry><uid>1</uid><lastName>x</lastName></sdnEntry></sdnList>"


@settings(max_examples=200)
@given(st.integers(0, len(XML)), st.text("<>/&;'\"=x! -[]", max_size=6))
def test_damaged_xml_is_read_or_refused(at: int, damage: str) -> None:
    try:
        listed = read_xml_list((XML[:at] + damage + XML[at:]).encode(), name="own")
    except MalformedList:
        return
    assert listed.entries


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "owner_kind", "requires", "limits", "KZT", "day"]), inner
        )
    ),
    max_leaves=8,
)


@given(JSON)
def test_tiers_are_read_or_refused(tiers: object) -> None:
    try:
        book = TierBook.read({"tiers": tiers})
    except MalformedTiers:
        return
    assert book.tiers


@given(st.integers(0, 2**53))
def test_every_instant_has_a_day(now_us: int) -> None:
    assert day_of(now_us) <= day_of(now_us + 86_400_000_000)


def test_the_strategies_reach_what_is_taken() -> None:
    assert check_personal_data(AIGERIM, today=TODAY) == AIGERIM

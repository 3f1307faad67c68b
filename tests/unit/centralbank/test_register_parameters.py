# SPDX-License-Identifier: Apache-2.0
"""A country's parameters: read strictly, asked by kind of owner and tier."""

import pytest

from kerege.centralbank.register_parameters import (
    MalformedParameters,
    UnknownTier,
    decode_parameters,
    encode_parameters,
)
from tests.registers import PARAMETERS


def test_they_come_back_as_they_went() -> None:
    assert decode_parameters(encode_parameters(PARAMETERS)) == PARAMETERS


@pytest.mark.parametrize(
    ("asset", "kind", "tier", "ceiling"),
    [
        ("KZT", "person", "phone", 50_000_00),
        ("XAU", "person", "phone", None),
        ("KZT", "firm", "shop", None),
        ("KZT", "firm", "stall", 0),
        ("KZT", "bank", "anything", None),
    ],
)
def test_ceilings(asset: str, kind: str, tier: str, ceiling: int | None) -> None:
    assert PARAMETERS.ceiling(asset, kind, tier) == ceiling


@pytest.mark.parametrize(("kind", "tier"), [("person", "shop"), ("robot", "phone"), ("", "")])
def test_an_unknown_tier(kind: str, tier: str) -> None:
    with pytest.raises(UnknownTier):
        PARAMETERS.ceiling("KZT", kind, tier)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", ""),
        (b"\xff", ""),
        (b"[" * 100_000, ""),
        (b"{}", ""),
        (b'{"assets":[],"tiers":[]}', "$.assets"),
        (b'{"assets":[{"code":"kzt","reserve":"KZT-R"}],"tiers":[]}', "$.assets[0].code"),
        (b'{"assets":[{"code":"KZT","reserve":"KZT"}],"tiers":[%s]}', "assets"),
        (b'{"assets":[{"code":"KZT","reserve":"KZT-R"}],"tiers":[%s,%s]}', "tiers"),
        (b'{"assets":[{"code":"KZT","reserve":"R-R"}],"tiers":[%s],"more":1}', ""),
    ],
)
def test_faults_are_told_with_their_place(text: bytes, place: str) -> None:
    tier = b'{"owner_kind":"person","name":"phone"}'
    with pytest.raises(MalformedParameters) as caught:
        decode_parameters(text.replace(b"%s", tier))
    assert caught.value.place == place

# SPDX-License-Identifier: Apache-2.0
"""The directory over HTTP."""

import hashlib

import pytest

from kerege.centralbank.directory import Resolved
from kerege.centralbank.http.aliases import Alias, Tag
from kerege.centralbank.register_participants import Quota
from kerege.keys import encode_base64url
from kerege.service import NodeClient, Refused, Unreachable
from tests.unit.centralbank.http.conftest import Town


def tag_of(alias: str) -> str:
    return encode_base64url(hashlib.sha256(alias.encode()).digest())


def claim(bank: NodeClient, alias: str, wallet: str) -> Alias:
    return bank.post("/v1/aliases", Alias(tag_of(alias), wallet), Alias)


def resolve(bank: NodeClient, alias: str) -> Resolved:
    return bank.post("/v1/aliases/resolve", Tag(tag_of(alias)), Resolved)


def test_claimed_resolved_released(town: Town) -> None:
    claim(town.altyn, "phone of aru", town.aru.id)
    claim(town.altyn, "phone of aru", town.aru.id)
    assert resolve(town.qala, "phone of aru") == Resolved(town.aru.id, "altyn-bank")  # type: ignore[arg-type]
    town.altyn.delete(f"/v1/aliases/{tag_of('phone of aru')}")
    with pytest.raises(Refused) as raised:
        resolve(town.qala, "phone of aru")
    assert (raised.value.status, raised.value.code) == (404, "alias_unknown")


def test_only_for_ones_own_wallets(town: Town) -> None:
    with pytest.raises(Refused) as raised:
        claim(town.qala, "nickname", town.aru.id)
    assert raised.value.code == "wallet_unknown"


def test_an_alias_leads_to_one_place(town: Town) -> None:
    claim(town.altyn, "shared", town.aru.id)
    with pytest.raises(Refused) as raised:
        claim(town.qala, "shared", town.bek.id)
    assert (raised.value.status, raised.value.code) == (409, "alias_taken")
    with pytest.raises(Refused) as raised:
        town.qala.delete(f"/v1/aliases/{tag_of('shared')}")
    assert raised.value.code == "alias_unknown"


@pytest.mark.parametrize("tag", ["", "x", "A" * 44, "A" * 42 + "B", "A" * 42 + "A\n"])
def test_tags_have_one_form(town: Town, tag: str) -> None:
    with pytest.raises(Refused) as raised:
        town.qala.post("/v1/aliases/resolve", {"tag": tag}, Resolved)
    assert (raised.value.code, raised.value.details.place) == ("request_invalid", "$.tag")


def test_walking_through_numbers_ends(town: Town) -> None:
    town.core.admit("curious-bank", quota=Quota(resolutions_per_minute=20))
    with town.core.client("curious-bank") as curious:
        answers = [refusal(curious, f"number {n}") for n in range(50)]
    assert "alias_unknown" in answers
    assert answers[-1] == "later"


def refusal(bank: NodeClient, alias: str) -> str:
    try:
        resolve(bank, alias)
    except Refused as refused:
        return refused.code
    except Unreachable:
        return "later"
    return "found"


def test_the_suspended_do_not_ask(town: Town) -> None:
    with town.core.client("dormant-bank") as dormant:
        assert refusal(dormant, "anyone") == "institution_suspended"

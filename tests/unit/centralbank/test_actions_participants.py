# SPDX-License-Identifier: Apache-2.0
"""Participants are admitted, suspended, given keys and quotas; never so that nobody can act."""

from typing import Any

import pytest

from kerege.centralbank import actions_participants
from kerege.centralbank.actions import Admit, Resume, SetKeys, SetQuota, Suspend
from kerege.centralbank.register_participants import Licence, Quota, Role
from kerege.keys import PrivateKey
from tests.registers import Country, jwk_of, key_of, kid_of


def _admit(name: str, *keys: PrivateKey, roles: tuple[Role, ...] = (Role.WITNESS,)) -> Admit:
    texts = tuple(jwk_of(key) for key in keys or (key_of(name),))
    return Admit(participant=name, roles=roles, keys=texts, licence=Licence(name={"en": name}))


def test_admitting(country: Country) -> None:
    country.act(_admit("kaz-post", roles=(Role.INTERMEDIARY, Role.AGENCY)))
    post = country.register.participant("kaz-post")
    assert post is not None
    assert post.roles == {"intermediary", "agency"}
    assert post.licence.name == {"en": "kaz-post"}
    accounts = country.register.accounts()
    assert ("kaz-post", "KZT") in accounts.reserves
    assert ("kaz-post", "XAU") in accounts.quotas
    found = country.register.participant_of_key(kid_of(key_of("kaz-post")))
    assert found is not None
    assert found[0] == post
    country.act(_admit("watcher"))
    assert ("watcher", "KZT") not in country.register.accounts().reserves


def test_suspending_and_resuming(country: Country) -> None:
    country.act(_admit("watcher"))
    country.act(Suspend(participant="watcher"))
    watcher = country.register.participant("watcher")
    assert watcher is not None
    assert watcher.suspended
    country.act(Suspend(participant="watcher"), code="nothing_to_change")
    country.act(Resume(participant="watcher"))
    country.act(Resume(participant="watcher"), code="nothing_to_change")


def test_replaced_keys_are_revoked_for_good(country: Country) -> None:
    country.act(_admit("watcher"))
    old, new = key_of("watcher"), key_of("watcher 2")
    country.act(SetKeys(participant="watcher", keys=(jwk_of(old), jwk_of(new))))
    country.act(SetKeys(participant="watcher", keys=(jwk_of(new),)))
    assert country.register.participant_of_key(kid_of(old)) is None
    assert country.register.participant_of_key(kid_of(new)) is not None
    country.act(SetKeys(participant="watcher", keys=(jwk_of(old),)), code="key_in_use")
    country.act(SetKeys(participant="watcher", keys=(jwk_of(new),)), code="nothing_to_change")
    country.act(_admit("other", old), code="key_in_use")


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (_admit("staff-aru"), "participant_exists"),
        (_admit("other", key_of("staff-aru")), "key_in_use"),
        (_admit("other", roles=(Role.OPERATOR,)), "role_not_allowed"),
        (Admit(participant="other", roles=(Role.WITNESS,), keys=("{}",)), "key_invalid"),
        (Suspend(participant="nobody"), "participant_unknown"),
        (Suspend(participant="staff-bek"), "too_few_staff"),
        (SetKeys(participant="staff-bek", keys=("",)), "key_invalid"),
        (SetKeys(participant="staff-bek", keys=(jwk_of(key_of("staff-aru")),)), "key_in_use"),
        (SetQuota(participant="staff-bek", quota=Quota()), "nothing_to_change"),
    ],
)
def test_refused_by_name(country: Country, action: Any, code: str) -> None:
    assert country.act(action, code=code).explanation


def test_a_core_is_full(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions_participants, "MAX_PARTICIPANTS", 3)
    country.act(_admit("fourth"), code="too_many_participants")

# SPDX-License-Identifier: Apache-2.0
"""Rows of participants come back as they went; keys are one participant's for ever."""

from kerege.centralbank.register_participants import Licence, Participant, Quota
from kerege.centralbank.stores import participants
from kerege.payments import ParticipantId, WalletId
from tests.registers import Country, key_of, kid_of

KEYS = {kid_of(key_of(name)): key_of(name).public_key for name in ("a", "b")}
POST = Participant(
    id=ParticipantId("kaz-post"),
    roles=frozenset({"intermediary", "agency"}),
    keys=KEYS,
    licence=Licence(name={"en": "The Post"}, number="7"),
    quota=Quota(orders_per_s=3, issuance={"KZT": 9}),
)


def test_a_participant_comes_back(country: Country) -> None:
    with country.register._tables.begin() as connection:
        assert participants.insert_participant(connection, POST)
        assert not participants.insert_participant(connection, POST)
        assert participants.read_participants(connection)["kaz-post"] == POST


def test_changing_one(country: Country) -> None:
    first, second = KEYS
    wallet = WalletId("wal_" + "1" * 32)
    with country.register._tables.begin() as connection:
        participants.insert_participant(connection, POST)
        participants.set_suspended(connection, POST.id, True)
        participants.set_quota(connection, POST.id, Quota())
        participants.revoke_keys(connection, POST.id, but=[first])
        participants.set_wallet(connection, POST.id, wallet)
        participants.set_wallet(connection, POST.id, WalletId("wal_" + "2" * 32))
        # A revoked key does not come back.
        participants.insert_keys(connection, POST.id, {second: KEYS[second]})
        post = participants.read_participants(connection)["kaz-post"]
    assert post.suspended
    assert post.quota == Quota()
    assert list(post.keys) == [first]
    assert post.wallet == wallet

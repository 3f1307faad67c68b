# SPDX-License-Identifier: Apache-2.0
"""Rows of participants, their keys, the core's own accounts and the country's parameters."""

from collections.abc import Iterable, Mapping

import msgspec
import sqlalchemy as sa

from kerege.centralbank.register_parameters import Parameters, decode_parameters, encode_parameters
from kerege.centralbank.register_participants import Licence, Participant, Quota
from kerege.centralbank.stores.inserting import insert_new
from kerege.centralbank.stores.schema import ACCOUNTS, PARAMETERS, PARTICIPANT_KEYS, PARTICIPANTS
from kerege.keys import PublicKey, format_jwk, parse_jwk
from kerege.payments.ids import ParticipantId, WalletId

__all__ = [
    "insert_accounts",
    "insert_keys",
    "insert_participant",
    "known_keys",
    "read_accounts",
    "read_parameters",
    "read_participants",
    "replace_parameters",
    "revoke_keys",
    "set_quota",
    "set_suspended",
    "set_wallet",
    "write_parameters",
]


def read_parameters(connection: sa.Connection) -> Parameters | None:
    """The country's parameters; None before it was founded."""
    document = connection.scalar(sa.select(PARAMETERS.c.document))
    return None if document is None else decode_parameters(document)


def write_parameters(connection: sa.Connection, parameters: Parameters) -> None:
    """Set the parameters, if there are none."""
    row = {"single": 1, "document": encode_parameters(parameters)}
    insert_new(connection, PARAMETERS, [row], returning=PARAMETERS.c.single)


def replace_parameters(connection: sa.Connection, parameters: Parameters) -> None:
    """Change the parameters."""
    connection.execute(sa.update(PARAMETERS).values(document=encode_parameters(parameters)))


def known_keys(connection: sa.Connection, keyids: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Of these keys, whose each is or was, and whether it is revoked."""
    statement = sa.select(PARTICIPANT_KEYS).where(PARTICIPANT_KEYS.c.keyid.in_(list(keyids)))
    return {row.keyid: (row.participant, row.revoked) for row in connection.execute(statement)}


def read_participants(connection: sa.Connection) -> dict[str, Participant]:
    """Everyone, with the keys in force."""
    keys: dict[str, dict[str, PublicKey]] = {}
    in_force = sa.select(PARTICIPANT_KEYS).where(PARTICIPANT_KEYS.c.revoked.is_(False))
    for row in connection.execute(in_force):
        key = parse_jwk(row.jwk.encode()).public_key
        keys.setdefault(row.participant, {})[row.keyid] = key
    return {
        row.id: Participant(
            id=ParticipantId(row.id),
            roles=frozenset(row.roles.split()),
            keys=keys.get(row.id, {}),
            licence=msgspec.json.decode(row.licence, type=Licence),
            quota=msgspec.json.decode(row.quota, type=Quota),
            suspended=row.suspended,
            wallet=None if row.wallet is None else WalletId(row.wallet),
        )
        for row in connection.execute(sa.select(PARTICIPANTS).order_by(PARTICIPANTS.c.id))
    }


def insert_participant(connection: sa.Connection, participant: Participant) -> bool:
    """Add a participant with its keys; False if the name is taken."""
    row = {
        "id": participant.id,
        "roles": " ".join(sorted(participant.roles)),
        "licence": msgspec.json.encode(participant.licence),
        "quota": msgspec.json.encode(participant.quota),
        "suspended": participant.suspended,
        "wallet": participant.wallet,
    }
    if not insert_new(connection, PARTICIPANTS, [row], returning=PARTICIPANTS.c.id):
        return False
    insert_keys(connection, participant.id, participant.keys)
    return True


def insert_keys(
    connection: sa.Connection, participant: ParticipantId, keys: Mapping[str, PublicKey]
) -> None:
    """Add keys, passing over those already known."""
    rows = [
        {
            "keyid": keyid,
            "participant": participant,
            "jwk": format_jwk(key).decode(),
            "revoked": False,
        }
        for keyid, key in sorted(keys.items())
    ]
    insert_new(connection, PARTICIPANT_KEYS, rows, returning=PARTICIPANT_KEYS.c.keyid)


def revoke_keys(
    connection: sa.Connection, participant: ParticipantId, *, but: Iterable[str]
) -> None:
    """Revoke every key of a participant that is not among `but`."""
    connection.execute(
        sa.update(PARTICIPANT_KEYS)
        .where(PARTICIPANT_KEYS.c.participant == participant)
        .where(PARTICIPANT_KEYS.c.keyid.not_in(list(but)))
        .values(revoked=True)
    )


def set_suspended(connection: sa.Connection, participant: ParticipantId, suspended: bool) -> None:
    """Suspend or resume a participant."""
    statement = sa.update(PARTICIPANTS).where(PARTICIPANTS.c.id == participant)
    connection.execute(statement.values(suspended=suspended))


def set_quota(connection: sa.Connection, participant: ParticipantId, quota: Quota) -> None:
    """Replace a participant's quota."""
    statement = sa.update(PARTICIPANTS).where(PARTICIPANTS.c.id == participant)
    connection.execute(statement.values(quota=msgspec.json.encode(quota)))


def set_wallet(connection: sa.Connection, participant: ParticipantId, wallet: WalletId) -> None:
    """Make `wallet` the participant's own, if it has none."""
    statement = sa.update(PARTICIPANTS).where(PARTICIPANTS.c.id == participant)
    connection.execute(statement.where(PARTICIPANTS.c.wallet.is_(None)).values(wallet=wallet))


def read_accounts(connection: sa.Connection) -> dict[tuple[str, str, str], int]:
    """The core's own accounts by (use, asset, participant)."""
    rows = connection.execute(sa.select(ACCOUNTS))
    return {(row.use, row.asset, row.participant): row.account for row in rows}


def insert_accounts(
    connection: sa.Connection, accounts: Mapping[tuple[str, str, str], int]
) -> None:
    """Note accounts, passing over those already known."""
    rows = [
        {"use": use, "asset": asset, "participant": participant, "account": account}
        for (use, asset, participant), account in accounts.items()
    ]
    insert_new(connection, ACCOUNTS, rows, returning=ACCOUNTS.c.account)

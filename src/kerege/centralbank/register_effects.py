# SPDX-License-Identifier: Apache-2.0
"""What an accepted change of a wallet does to the register's rows, in the caller's transaction."""

from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection

from kerege.centralbank.register_parameters import BANK_KIND
from kerege.centralbank.register_preparing import Asked
from kerege.centralbank.stores import participants, wallets
from kerege.centralbank.stores.changes import Change, note_changes
from kerege.centralbank.stores.wallets import RECOVERY, SIGNING, WalletRow
from kerege.errors import InvariantViolation
from kerege.ledger import AccountId, Outcome
from kerege.payments import Amend, Open, Rehome, Rekey, WalletId
from kerege.payments.ids import ParticipantId

__all__ = ["apply_effects"]


def apply_effects(
    connection: Connection, decided: Sequence[tuple[Asked, WalletRow | None, Outcome]]
) -> bool:
    """Write the effect of each accepted change and drop the claims of each refused one.

    Returns whether other nodes were told to forget something.
    """
    changes: list[Change] = []
    opened: list[WalletRow] = []
    wallets.drop_claims(connection, [a.document.id for a, _, o in decided if not o.accepted])
    for asked, row, outcome in decided:
        if not outcome.accepted:
            continue
        document = asked.document
        if isinstance(document, Open):
            opened.append(_opened(document, outcome))
            changes += _first_of_bank(connection, document)
        elif row is None:
            raise InvariantViolation(f"{document.id}: a change of a wallet that is not open")
        else:
            changes += _changed(connection, document, row)
    wallets.insert_wallets(connection, opened)
    wallets.activate_keys(connection, [a.document.id for a, _, o in decided if o.accepted])
    note_changes(connection, changes)
    return bool(changes)


def _opened(opening: Open, outcome: Outcome) -> WalletRow:
    accounts = map(AccountId, outcome.results)
    return WalletRow(
        id=WalletId(opening.wallet),
        opened_by=opening.id,
        bank=ParticipantId(opening.bank),
        owner_kind=opening.owner_kind,
        tier=opening.tier,
        category=opening.category,
        vat=opening.vat,
        region=opening.region,
        overflow=opening.overflow,
        accounts=dict(zip(opening.assets, accounts, strict=True)),
    )


def _first_of_bank(connection: Connection, opening: Open) -> list[Change]:
    """The first wallet a bank opens for itself is its own."""
    if opening.owner_kind != BANK_KIND:
        return []
    participants.set_wallet(connection, ParticipantId(opening.bank), WalletId(opening.wallet))
    return [Change("participant", opening.bank)]


def _changed(
    connection: Connection, document: Amend | Rehome | Rekey, row: WalletRow
) -> list[Change]:
    changes = [Change("wallet", row.id)]
    match document:
        case Amend():
            row = replace(
                row,
                tier=document.tier,
                category=document.category,
                vat=document.vat,
                region=document.region,
                overflow=document.overflow,
            )
        case Rehome():
            row = replace(row, bank=ParticipantId(document.bank), overflow=document.overflow)
            changes += _replace_keys(connection, row.id, document.key, "")
        case Rekey():
            changes += _replace_keys(connection, row.id, document.key, document.recovery)
    wallets.update_wallet(connection, row)
    return changes


def _replace_keys(
    connection: Connection, wallet: WalletId, key: str, recovery: str
) -> list[Change]:
    """Revoke what is replaced; the new keys were claimed and become active with the order."""
    replaced = [state for state, text in ((SIGNING, key), (RECOVERY, recovery)) if text]
    kids = wallets.wallet_keys(connection, wallet, states=replaced)
    wallets.revoke_keys(connection, kids)
    return [Change("key", kid) for kid in kids]

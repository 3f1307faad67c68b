# SPDX-License-Identifier: Apache-2.0
"""Founding a country: its assets, the core's own accounts and wallets, the first staff.

One ledger order with a derived id, then one SQL transaction: after a crash between the two the
same call completes it, and once a country is founded it changes nothing any more.
"""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from kerege.centralbank.register_accounts import accounts_of_core, accounts_of_money
from kerege.centralbank.register_ids import Opened, opened_by, system_wallet
from kerege.centralbank.register_parameters import Parameters, decode_parameters, encode_parameters
from kerege.centralbank.register_participants import DEFAULT_QUOTA, Licence, Participant, Role
from kerege.centralbank.stores import participants, wallets
from kerege.centralbank.stores.changes import Change, note_changes
from kerege.centralbank.stores.wallets import KeyClaim, WalletRow
from kerege.errors import KeregeError
from kerege.keys import PublicKey, format_jwk, key_thumbprint
from kerege.ledger import AccountId, Ledger, Order, format_order_id
from kerege.payments.derived import derived_order_id
from kerege.payments.ids import ParticipantId, WalletId
from kerege.runtime.tables import Tables

__all__ = ["FEWEST_STAFF", "CountryExists", "found_tables"]

FEWEST_STAFF: Final = 2
"""One proposes, another approves."""

SYSTEM_KIND: Final = "agency"
"""The kind of owner of the core's own wallets."""


class CountryExists(KeregeError):
    """A country was founded here with other parameters."""


def found_tables(
    tables: Tables,
    ledger: Ledger,
    parameters: Parameters,
    *,
    staff: Mapping[ParticipantId, PublicKey],
    operator_key: PublicKey,
) -> None:
    """Found the country, or see that it is; raises `CountryExists` or `MalformedParameters`.

    `staff` are the people who will propose and approve. `operator_key` signs the central bank's
    own requests and what is paid out of the wallet that fees go to.
    """
    decode_parameters(encode_parameters(parameters))
    _check_staff(staff)
    with tables.read() as connection:
        known = participants.read_parameters(connection)
    if known is not None:
        _check_same(known, parameters)
        return
    opened = _open_accounts(ledger, parameters)
    with tables.begin() as connection:
        participants.write_parameters(connection, parameters)
        everyone = [_operator(parameters, operator_key), *_staff(staff)]
        for participant in everyone:
            participants.insert_participant(connection, participant)
        participants.insert_accounts(connection, opened.places)
        wallets.insert_wallets(connection, _system_wallets(parameters, opened.wallets))
        wallets.claim_keys(connection, [_fee_key(operator_key)])
        wallets.activate_keys(connection, [format_order_id(_FOUNDING)])
        note_changes(connection, [Change("parameters", "")])


_FOUNDING: Final = derived_order_id("found-country")


def _check_staff(staff: Mapping[ParticipantId, PublicKey]) -> None:
    if len(set(staff.values())) < FEWEST_STAFF:
        raise KeregeError(
            f"a country is founded with at least {FEWEST_STAFF} people with keys of their own",
            remedy="name another one, for nobody approves what they propose",
        )


def _check_same(known: Parameters, parameters: Parameters) -> None:
    first = known.assets[: len(parameters.assets)]
    # Moneys declared since then come after those it was founded with.
    if replace(known, assets=first) != parameters:
        raise CountryExists(
            "a country was founded here with other parameters",
            remedy="take another database, or the parameters it was founded with",
        )


def _open_accounts(ledger: Ledger, parameters: Parameters) -> Opened:
    steps = [step for money in parameters.assets for step in accounts_of_money(money)]
    steps += accounts_of_core()
    order = Order(_FOUNDING, tuple(steps), evidence=encode_parameters(parameters))
    (outcome,) = ledger.post([order])
    if outcome.refusal is not None:
        raise CountryExists(
            f"the ledger does not take this country's founding: {outcome.refusal.name.lower()}",
            remedy="take an empty ledger, or the parameters it was founded with",
        )
    return opened_by(steps, outcome.results)


def _operator(parameters: Parameters, key: PublicKey) -> Participant:
    return Participant(
        id=parameters.operator_id,
        roles=frozenset({Role.OPERATOR}),
        keys={key_thumbprint(key): key},
        licence=Licence(),
        quota=DEFAULT_QUOTA,
        wallet=system_wallet("fees"),
    )


def _staff(staff: Mapping[ParticipantId, PublicKey]) -> list[Participant]:
    return [
        Participant(
            id=name,
            roles=frozenset({Role.STAFF}),
            keys={key_thumbprint(key): key},
            licence=Licence(),
        )
        for name, key in sorted(staff.items())
    ]


def _system_wallets(
    parameters: Parameters, opened: Mapping[WalletId, Mapping[str, AccountId]]
) -> list[WalletRow]:
    return [
        WalletRow(
            id=wallet,
            opened_by=format_order_id(_FOUNDING),
            bank=parameters.operator_id,
            owner_kind=SYSTEM_KIND,
            tier="",
            category="",
            vat=False,
            region="",
            overflow=False,
            accounts=accounts,
        )
        for wallet, accounts in opened.items()
    ]


def _fee_key(key: PublicKey) -> KeyClaim:
    return KeyClaim(
        kid=key_thumbprint(key),
        wallet=system_wallet("fees"),
        jwk=format_jwk(key).decode(),
        becomes=wallets.SIGNING,
        order_id=format_order_id(_FOUNDING),
    )

# SPDX-License-Identifier: Apache-2.0
"""What a signed change of a wallet asks of the ledger, or why it is refused. Pure.

The signature was verified with a key of the wallet (or, for `Open`, the key it brings), and the
bank is the one that submitted it.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from kerege.centralbank.register_parameters import OWNER_KINDS, Parameters, UnknownTier
from kerege.centralbank.register_participants import Participant, Role
from kerege.centralbank.stores.wallets import RECOVERY, SIGNING, KeyClaim, WalletRow
from kerege.keys import KeyEncodingError, format_jwk, key_thumbprint, parse_jwk
from kerege.ledger import (
    Account,
    AccountId,
    OpenAccount,
    SetLimits,
    Step,
)
from kerege.ledger import (
    Refusal as LedgerRefusal,
)
from kerege.ledger import (
    Role as AccountRole,
)
from kerege.payments import Amend, Open, Refusal, Rehome, Rekey, WalletId

__all__ = ["Asked", "Prepared", "Unfit", "WalletDocument", "prepare", "subject_of"]

WalletDocument = Open | Amend | Rehome | Rekey

_PERSON: Final = "person"


class Asked(Struct, frozen=True):
    """A document, the signed text it came in, and the participant that sent it."""

    document: WalletDocument
    evidence: bytes
    bank: Participant


class Prepared(Struct, frozen=True):
    """Steps for the ledger and keys to claim before they are posted."""

    steps: tuple[Step, ...]
    claims: tuple[KeyClaim, ...] = ()


class Unfit(Struct, frozen=True):
    """Why a change is refused before the ledger; `note` in English, for developers."""

    code: str
    note: str = ""


def subject_of(document: WalletDocument) -> WalletId:
    """The wallet a document changes."""
    return WalletId(document.subject if isinstance(document, Amend) else document.wallet)


def prepare(
    asked: Asked,
    row: WalletRow | None,
    *,
    parameters: Parameters,
    account: Callable[[AccountId], Account],
) -> Prepared | Unfit:
    """The ledger's steps for a change of the wallet `row` (None: there is none yet).

    `account` tells an account as it stands. Refusals in the order `payments.Refusal` has them.
    """
    document = asked.document
    if isinstance(document, Open):
        return _open(document, asked.bank, parameters)
    if row is None:
        return Unfit(Refusal.WALLET_UNKNOWN)
    match document:
        case Amend():
            return _amend(document, row, asked.bank, parameters, account)
        case Rehome():
            return _rehome(document, row, asked.bank, account)
        case Rekey():
            return _rekey(document, row, asked.bank, account)


def _open(opening: Open, bank: Participant, parameters: Parameters) -> Prepared | Unfit:
    if len(set(opening.assets)) != len(opening.assets):
        return Unfit(Refusal.ORDER_TEXT_INVALID, "assets: one is named twice")
    claims = _claims(opening.id, opening.wallet, opening.key, opening.recovery)
    if isinstance(claims, Unfit):
        return claims
    if opening.bank != bank.id:
        return Unfit(Refusal.WALLET_KEPT_ELSEWHERE)
    if Role.INTERMEDIARY not in bank.roles or opening.owner_kind not in OWNER_KINDS:
        return Unfit(Refusal.NOT_ALLOWED_FOR_KIND)
    known = {asset.code for asset in parameters.assets}
    steps: list[Step] = []
    for asset in opening.assets:
        if asset not in known:
            return Unfit(LedgerRefusal.ASSET_UNKNOWN.name.lower())
        try:
            ceiling = parameters.ceiling(asset, opening.owner_kind, opening.tier)
        except UnknownTier:
            return Unfit(Refusal.TIER_UNKNOWN)
        bounded = opening.owner_kind == _PERSON or ceiling is not None
        role = AccountRole.HOLDER if bounded else AccountRole.COLLECTOR
        steps.append(OpenAccount(asset, role, opening.wallet, ceiling=ceiling))
    return Prepared(tuple(steps), claims)


def _amend(
    amend: Amend,
    row: WalletRow,
    bank: Participant,
    parameters: Parameters,
    account: Callable[[AccountId], Account],
) -> Prepared | Unfit:
    if row.bank != bank.id:
        return Unfit(Refusal.WALLET_KEPT_ELSEWHERE)
    if amend.wallet != bank.wallet:
        return Unfit(Refusal.NOT_YOURS)
    steps: list[Step] = []
    for asset, account_id in row.accounts.items():
        try:
            ceiling = parameters.ceiling(asset, row.owner_kind, amend.tier)
        except UnknownTier:
            return Unfit(Refusal.TIER_UNKNOWN)
        steps.append(SetLimits(account_id, account(account_id).floor, ceiling))
    return Prepared(tuple(steps))


def _rehome(
    rehome: Rehome, row: WalletRow, bank: Participant, account: Callable[[AccountId], Account]
) -> Prepared | Unfit:
    claims = _claims(rehome.id, rehome.wallet, rehome.key, "")
    if isinstance(claims, Unfit):
        return claims
    if rehome.bank != bank.id:
        return Unfit(Refusal.WALLET_KEPT_ELSEWHERE)
    if Role.INTERMEDIARY not in bank.roles or row.owner_kind not in _MOVABLE:
        return Unfit(Refusal.NOT_ALLOWED_FOR_KIND)
    return Prepared(_unchanged(row, account), claims)


_MOVABLE: Final = frozenset({_PERSON, "firm", "agency"})


def _rekey(
    rekey: Rekey, row: WalletRow, bank: Participant, account: Callable[[AccountId], Account]
) -> Prepared | Unfit:
    claims = _claims(rekey.id, rekey.wallet, rekey.key, rekey.recovery)
    if isinstance(claims, Unfit):
        return claims
    if row.bank != bank.id:
        return Unfit(Refusal.WALLET_KEPT_ELSEWHERE)
    return Prepared(_unchanged(row, account), claims)


def _unchanged(row: WalletRow, account: Callable[[AccountId], Account]) -> tuple[Step, ...]:
    """Steps that name the wallet's accounts and leave them as they are: what changes is in the
    evidence, and everyone who follows the ledger sees that it did."""
    accounts = [account(account_id) for account_id in row.accounts.values()]
    return tuple(SetLimits(known.id, known.floor, known.ceiling) for known in accounts)


def _claims(order_id: str, wallet: str, key: str, recovery: str) -> tuple[KeyClaim, ...] | Unfit:
    claims: list[KeyClaim] = []
    for text, becomes in ((key, SIGNING), (recovery, RECOVERY)):
        if not text:
            continue
        try:
            public_key = parse_jwk(text.encode()).public_key
        except KeyEncodingError as fault:
            member = "key" if becomes == SIGNING else "recovery"
            return Unfit(Refusal.ORDER_TEXT_INVALID, f"{member}: {fault}"[:200])
        claims.append(
            KeyClaim(
                kid=key_thumbprint(public_key),
                wallet=WalletId(wallet),
                jwk=format_jwk(public_key).decode(),
                becomes=becomes,
                order_id=order_id,
            )
        )
    if len({claim.kid for claim in claims}) != len(claims):
        return Unfit(Refusal.ORDER_TEXT_INVALID, "recovery: another key than the one it replaces")
    return tuple(claims)

# SPDX-License-Identifier: Apache-2.0
"""Who says so: signed texts become documents whose signer, wallet and submitter are known. Pure
but for the threads that verify.

What is refused here is not remembered: until a signature is verified, anyone could burn an id.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from kerege.centralbank.registry import Registry, WalletKey
from kerege.errors import KeregeError
from kerege.keys import (
    BatchVerifier,
    InvalidSignatureError,
    PublicKey,
    SignatureClaim,
    UnverifiedJws,
    key_thumbprint,
    parse_compact,
    parse_jwk,
)
from kerege.ledger import OrderId, format_order_id, parse_order_id
from kerege.payments import (
    ORDER_TYP,
    Document,
    Open,
    ParticipantId,
    Refusal,
    Rehome,
    Rekey,
    Verdict,
    decode_document,
)

__all__ = ["MAX_LIFE_US", "Admitted", "Submission", "admit"]

MAX_LIFE_US: Final = 25 * 3600 * 1_000_000
"""How far ahead `until_us` may lie: a day, and an hour for clocks that disagree. Whoever lost
track of an order knows after this time that it will never happen."""

Submission = tuple[ParticipantId, bytes]


class Admitted(Struct, frozen=True, gc=False):
    """A document that its wallet signed and its bank brought."""

    document: Document
    order_id: OrderId
    text: bytes
    bank: ParticipantId


class _Claimed(Struct, frozen=True, gc=False):
    """A text with the key it must be signed by; `record` None: the key it brings itself."""

    claim: SignatureClaim
    record: WalletKey | None


def admit(
    submissions: Sequence[Submission],
    registry: Registry,
    verifier: BatchVerifier,
    *,
    now_us: int,
) -> list[Admitted | Verdict]:
    """For each text, in order, its document, or why it is refused."""
    suspended = {bank: _is_suspended(bank, registry) for bank in {one for one, _ in submissions}}
    claimed = [
        _refused(Refusal.PARTICIPANT_SUSPENDED) if suspended[bank] else _claim(text, registry)
        for bank, text in submissions
    ]
    claims = [one.claim for one in claimed if isinstance(one, _Claimed)]
    payloads = iter(verifier.verify(claims))
    return [
        one
        if isinstance(one, Verdict)
        else _admit_one(bank, text, one, next(payloads), registry, now_us)
        for (bank, text), one in zip(submissions, claimed, strict=True)
    ]


def _is_suspended(bank: ParticipantId, registry: Registry) -> bool:
    found = registry.participant(bank)
    return found is None or found.suspended


def _claim(text: bytes, registry: Registry) -> _Claimed | Verdict:
    try:
        jws = parse_compact(text)
    except KeregeError as fault:
        return _unreadable(fault)
    kid = jws.header.kid or ""
    record = registry.key(kid)
    if record is not None:
        if record.revoked:
            return _refused(Refusal.KEY_REVOKED)
        return _Claimed(SignatureClaim(jws, record.key, kid, ORDER_TYP), record)
    key = _key_of_opening(jws)
    if key is None:
        return _refused(Refusal.KEY_UNKNOWN)
    return _Claimed(SignatureClaim(jws, key, key_thumbprint(key), ORDER_TYP), None)


def _key_of_opening(jws: UnverifiedJws) -> PublicKey | None:
    """The key a new wallet brings: the one case where a text's key comes with it."""
    try:
        document = decode_document(jws.payload)
        return parse_jwk(document.key.encode()).public_key if isinstance(document, Open) else None
    except KeregeError:
        return None


def _admit_one(
    bank: ParticipantId,
    text: bytes,
    claimed: _Claimed,
    payload: bytes | InvalidSignatureError,
    registry: Registry,
    now_us: int,
) -> Admitted | Verdict:
    if isinstance(payload, InvalidSignatureError):
        return replace(_refused(Refusal.SIGNATURE_INVALID), note=str(payload))
    try:
        document = decode_document(payload)
        order_id = parse_order_id(document.id)
    except KeregeError as fault:
        return _unreadable(fault)
    refusal = _refusal_of(document, claimed.record, bank, registry, now_us)
    if refusal is not None:
        return Verdict(format_order_id(order_id), refusal)
    return Admitted(document, order_id, text, bank)


def _refusal_of(
    document: Document,
    record: WalletKey | None,
    bank: ParticipantId,
    registry: Registry,
    now_us: int,
) -> Refusal | None:
    if record is None:
        if not isinstance(document, Open) or document.bank != bank:
            return Refusal.WALLET_KEPT_ELSEWHERE
    elif isinstance(document, Open):
        # A repeat finds its key registered; only a repeat may.
        if document.wallet != record.wallet:
            return Refusal.SIGNER_IS_NOT_WALLET
    else:
        refusal = _refusal_of_signer(document, record, bank, registry)
        if refusal is not None:
            return refusal
    return Refusal.TOO_LONG_VALID if document.until_us > now_us + MAX_LIFE_US else None


def _refusal_of_signer(
    document: Document, record: WalletKey, bank: ParticipantId, registry: Registry
) -> Refusal | None:
    if document.wallet != record.wallet:
        return Refusal.SIGNER_IS_NOT_WALLET
    if record.recovery and not isinstance(document, Rekey):
        return Refusal.KEY_UNKNOWN
    wallet = registry.wallet(document.wallet)
    if wallet is None:
        return Refusal.WALLET_UNKNOWN
    keeper = document.bank if isinstance(document, Rehome) else wallet.bank
    return None if keeper == bank else Refusal.WALLET_KEPT_ELSEWHERE


def _refused(refusal: Refusal) -> Verdict:
    return Verdict("", refusal)


def _unreadable(fault: KeregeError) -> Verdict:
    return Verdict("", Refusal.ORDER_TEXT_INVALID, note=str(fault))

# SPDX-License-Identifier: Apache-2.0
"""Who says so: signed texts become documents whose signer, wallet and submitter are known.

What is refused here is not remembered: until a signature is verified, anyone could burn an id.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from kerege.centralbank.register import Register
from kerege.errors import KeregeError
from kerege.keys import (
    InvalidSignatureError,
    PublicKey,
    SignatureClaim,
    UnverifiedJws,
    Verifier,
    key_thumbprint,
    parse_compact,
    parse_jwk,
)
from kerege.ledger import OrderId, parse_order_id
from kerege.payments import (
    ORDER_TYP,
    Document,
    Open,
    ParticipantId,
    Pay,
    Refusal,
    Rehome,
    Rekey,
    Verdict,
    WalletId,
    decode_document,
)

__all__ = ["MAX_LIFE_US", "Admitted", "Submission", "admit"]

MAX_LIFE_US: Final = 25 * 3600 * 1_000_000
"""How far ahead `until_us` may lie: a day, and an hour for clocks that disagree. Whoever lost
track of an order knows after this time that it will never happen."""

Submission = tuple[ParticipantId, bytes]
"""Who brings a signed text, and the text."""


class Admitted(Struct, frozen=True, gc=False):
    """A document that its wallet signed and its bank brought."""

    document: Document
    order_id: OrderId
    text: bytes
    bank: ParticipantId


class _Signer(Struct, frozen=True, gc=False):
    """Whose signature a text must bear. `wallet` None: of a wallet that is yet to be opened."""

    claim: SignatureClaim
    wallet: WalletId | None
    recovers: bool = False


def admit(
    submissions: Sequence[Submission],
    register: Register,
    verifier: Verifier,
    *,
    now_us: int,
) -> list[Admitted | Verdict]:
    """For each text, in order, its document, or why it is refused."""
    parsed = [_parse(text) for _, text in submissions]
    register.prefetch(
        kids=[jws.header.kid or "" for jws in parsed if isinstance(jws, UnverifiedJws)]
    )
    suspended = {bank: _is_suspended(bank, register) for bank in {one for one, _ in submissions}}
    signers = [
        Verdict("", Refusal.PARTICIPANT_SUSPENDED) if suspended[bank] else _signer(jws, register)
        for (bank, _), jws in zip(submissions, parsed, strict=True)
    ]
    claims = [signer.claim for signer in signers if isinstance(signer, _Signer)]
    payloads = iter(verifier.verify(claims))
    documents = [
        signer if isinstance(signer, Verdict) else _read(next(payloads)) for signer in signers
    ]
    register.prefetch(wallets=_wallets_in(documents))
    return [
        _admit_one(submission, document, signer, register, now_us)
        for submission, signer, document in zip(submissions, signers, documents, strict=True)
    ]


def _parse(text: bytes) -> UnverifiedJws | Verdict:
    try:
        return parse_compact(text)
    except KeregeError as fault:
        return _unreadable(fault)


def _is_suspended(bank: ParticipantId, register: Register) -> bool:
    found = register.participant(bank)
    return found is None or found.suspended


def _signer(jws: UnverifiedJws | Verdict, register: Register) -> _Signer | Verdict:
    """The key a text must be signed by."""
    if isinstance(jws, Verdict):
        return jws
    kid = jws.header.kid or ""
    record = register.key(kid)
    if record is not None:
        if record.revoked:
            return Verdict("", Refusal.KEY_REVOKED)
        return _Signer(SignatureClaim(jws, record.key, kid, ORDER_TYP), record.wallet)
    record = register.recovery_key(kid)
    if record is not None:
        return _Signer(SignatureClaim(jws, record.key, kid, ORDER_TYP), record.wallet, True)
    key = _key_of_opening(jws)
    if key is None:
        return Verdict("", Refusal.KEY_UNKNOWN)
    return _Signer(SignatureClaim(jws, key, key_thumbprint(key), ORDER_TYP), None)


def _key_of_opening(jws: UnverifiedJws) -> PublicKey | None:
    """The key a new wallet brings: the one case where a text's key comes with it."""
    try:
        document = decode_document(jws.payload)
        return parse_jwk(document.key.encode()).public_key if isinstance(document, Open) else None
    except KeregeError:
        return None


def _read(payload: bytes | InvalidSignatureError) -> Document | Verdict:
    if isinstance(payload, InvalidSignatureError):
        return replace(Verdict("", Refusal.SIGNATURE_INVALID), note=str(payload))
    try:
        return decode_document(payload)
    except KeregeError as fault:
        return _unreadable(fault)


def _wallets_in(documents: Sequence[Document | Verdict]) -> set[str]:
    """Wallets that documents name; of most kinds of documents only the signer's."""
    signed = [document for document in documents if not isinstance(document, Verdict)]
    payees = {leg.to for document in signed if isinstance(document, Pay) for leg in document.legs}
    return payees | {document.wallet for document in signed}


def _admit_one(
    submission: Submission,
    document: Document | Verdict,
    signer: _Signer | Verdict,
    register: Register,
    now_us: int,
) -> Admitted | Verdict:
    if isinstance(document, Verdict):
        return document
    if isinstance(signer, Verdict):
        return signer
    bank, text = submission
    refusal = _refusal_of_signer(document, signer, bank, register)
    if refusal is None and document.until_us > now_us + MAX_LIFE_US:
        refusal = Refusal.TOO_LONG_VALID
    if refusal is not None:
        return Verdict(document.id, refusal)
    return Admitted(document, parse_order_id(document.id), text, bank)


def _refusal_of_signer(
    document: Document, signer: _Signer, bank: ParticipantId, register: Register
) -> Refusal | None:
    if signer.wallet is None:
        # Only an opening brings its key, and the register sees to the rest of it.
        return None
    if document.wallet != signer.wallet:
        return Refusal.SIGNER_IS_NOT_WALLET
    if signer.recovers and not isinstance(document, Rekey):
        return Refusal.KEY_UNKNOWN
    if isinstance(document, Open | Rehome):
        return None if document.bank == bank else Refusal.WALLET_KEPT_ELSEWHERE
    wallet = register.wallet(document.wallet)
    if wallet is None:
        return Refusal.WALLET_UNKNOWN
    return None if wallet.bank == bank else Refusal.WALLET_KEPT_ELSEWHERE


def _unreadable(fault: KeregeError) -> Verdict:
    return Verdict("", Refusal.ORDER_TEXT_INVALID, note=str(fault))

# SPDX-License-Identifier: Apache-2.0
"""The bytes of an order: what is compared on a repeat and committed to in the log.

A specified layout, not an encoder's output; `docs/formats/order.md` gives it with
vectors. Integers are big-endian. An order has exactly one encoding and every encoding
decodes to one order, so equal bytes mean equal orders.

>>> from kerege.ledger.order import Order, Transfer
>>> order = Order(id=bytes(15) + b"\\x01", steps=(Transfer(debit=1, credit=2, amount=500),))
>>> decode_order(encode_order(order)) == order
True
"""

import hashlib
from struct import Struct, error
from typing import Final, NamedTuple

from kerege.ledger.account import Role, Status
from kerege.ledger.errors import LedgerError
from kerege.ledger.ids import AccountId, Mark, OrderId
from kerege.ledger.order import (
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Step,
    Terms,
    Transfer,
)

__all__ = [
    "FRAME",
    "NO_EVIDENCE",
    "ORDER_MAGIC",
    "TRANSFER",
    "MalformedOrderBytes",
    "Record",
    "decode_order",
    "decode_record",
    "encode_order",
    "encode_record",
]

ORDER_MAGIC: Final = b"kerege-order/v1\n"
_RECORD_MAGIC: Final = b"kerege-record/v1\n"
NO_EVIDENCE: Final = bytes(32)

FRAME: Final = Struct(">16s16s32sQQHH")
_EXPECTATION: Final = Struct(">QIBqQ")
TRANSFER: Final = Struct(">BQQIQII")
_REFERENCE: Final = Struct(">16sH")
_LIMIT: Final = Struct(">Bq")
_ACCOUNT: Final = Struct(">Q")
_RESULT: Final = Struct(">q")

_WITH_REFERENCE: Final = frozenset({Kind.CAPTURE, Kind.CAPTURE_PART, Kind.VOID, Kind.EXPIRE})
_DECLARE, _OPEN, _LIMITS, _STATUS, _CLOSE = 16, 17, 18, 19, 20


class Record(NamedTuple):
    """What a leaf of the log tells: an order, its time, one result a step."""

    at_us: int
    order: Order
    results: tuple[int, ...]


class MalformedOrderBytes(LedgerError):
    """Bytes that are not the encoding of an order; `place` is the byte offset."""


def encode_order(order: Order) -> bytes:
    """The one encoding of `order`; evidence is in it as its SHA-256."""
    terms = order.terms
    evidence = hashlib.sha256(order.evidence).digest() if order.evidence else NO_EVIDENCE
    parts = [
        FRAME.pack(
            ORDER_MAGIC,
            order.id,
            evidence,
            terms.valid_from_us,
            terms.valid_until_us,
            len(terms.expects),
            len(order.steps),
        )
    ]
    parts.extend(_encode_expectation(expectation) for expectation in terms.expects)
    parts.extend(_encode_step(step) for step in order.steps)
    return b"".join(parts)


def encode_record(body: bytes, at_us: int, results: tuple[int, ...]) -> bytes:
    """What an accepted order leaves in the log: when, what was asked, what came of it."""
    return b"".join((_RECORD_MAGIC, _RESULT.pack(at_us), body, *map(_RESULT.pack, results)))


def _encode_expectation(expectation: Expectation) -> bytes:
    balance, version = expectation.balance, expectation.version
    present = (balance is not None) | (version is not None) << 1
    return _EXPECTATION.pack(
        expectation.account, expectation.mark, present, balance or 0, version or 0
    )


def _encode_step(step: Step) -> bytes:
    match step:
        case Transfer():
            return _encode_transfer(step)
        case DeclareAsset():
            return bytes((_DECLARE, *_text(step.asset), step.scale))
        case OpenAccount():
            head = bytes((_OPEN, *_text(step.asset), step.role, *_text(step.owner)))
            return head + _limit(step.floor) + _limit(step.ceiling)
        case SetLimits():
            account = _ACCOUNT.pack(step.account)
            return bytes((_LIMITS,)) + account + _limit(step.floor) + _limit(step.ceiling)
        case SetStatus():
            return bytes((_STATUS,)) + _ACCOUNT.pack(step.account) + bytes((step.status,))
        case CloseAccount():
            return bytes((_CLOSE,)) + _ACCOUNT.pack(step.account)


def _encode_transfer(transfer: Transfer) -> bytes:
    fixed = TRANSFER.pack(
        transfer.kind,
        transfer.debit,
        transfer.credit,
        transfer.mark,
        transfer.amount,
        transfer.code,
        transfer.timeout_s,
    )
    if transfer.pending is None:
        return fixed
    return fixed + _REFERENCE.pack(transfer.pending.order_id, transfer.pending.step)


def _text(text: str) -> bytes:
    return bytes((len(text),)) + text.encode("ascii")


def _limit(limit: int | None) -> bytes:
    return _LIMIT.pack(limit is not None, limit or 0)


class _Reader:
    """Takes an encoding apart from the front; every fault knows its byte offset."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0

    def take(self, layout: Struct) -> tuple[int, ...]:
        try:
            fields = layout.unpack_from(self.data, self.offset)
        except error:
            raise self.fault("ends too early") from None
        self.offset += layout.size
        return fields

    def byte(self) -> int:
        return self.take(_BYTE)[0]

    def text(self) -> str:
        size = self.byte()
        end = self.offset + size
        raw = self.data[self.offset : end]
        if len(raw) != size or not raw.isascii():
            raise self.fault("holds a text that is cut short or not ASCII")
        self.offset = end
        return raw.decode("ascii")

    def limit(self) -> int | None:
        present, limit = self.take(_LIMIT)
        if present > 1 or (not present and limit):
            raise self.fault("holds a limit that is neither present nor absent")
        return limit if present else None

    def fault(self, what: str) -> MalformedOrderBytes:
        return MalformedOrderBytes(f"order bytes: {what}", place=f"byte {self.offset}")


_BYTE: Final = Struct(">B")
_ROLES: Final = frozenset(Role)


def decode_order(body: bytes, evidence: bytes = b"") -> Order:
    """Inverse of `encode_order`; raises `MalformedOrderBytes` at the first fault.

    `evidence` is kept apart from the body, which holds its hash: they must agree.
    """
    reader = _Reader(body)
    order = _decode_order(reader, evidence)
    if reader.offset != len(body):
        raise reader.fault("go on after the last step")
    return order


def decode_record(record: bytes) -> Record:
    """Inverse of `encode_record`, without the evidence, of which a record has only the hash.

    Raises `MalformedOrderBytes` at the first fault.
    """
    reader = _Reader(record)
    if not record.startswith(_RECORD_MAGIC):
        raise reader.fault("do not begin as a record does")
    reader.offset = len(_RECORD_MAGIC)
    (at_us,) = reader.take(_RESULT)
    order = _decode_order(reader, None)
    results = tuple(reader.take(_RESULT)[0] for _ in order.steps)
    if reader.offset != len(record):
        raise reader.fault("go on after the last result")
    return Record(at_us, order, results)


def _decode_order(reader: _Reader, evidence: bytes | None) -> Order:
    """`evidence` None: not at hand, so not compared."""
    start = reader.offset
    frame = reader.take(FRAME)
    magic, order_id, evidence_hash = (bytes(field) for field in frame[:3])
    if magic != ORDER_MAGIC:
        raise MalformedOrderBytes("order bytes: do not begin as an order", place=f"byte {start}")
    if evidence is not None:
        expected = hashlib.sha256(evidence).digest() if evidence else NO_EVIDENCE
        if evidence_hash != expected:
            place = f"byte {start + 32}"
            raise MalformedOrderBytes("order bytes: are about other evidence", place=place)
    valid_from, valid_until, expectations, steps = frame[3:]
    expects = tuple(_decode_expectation(reader) for _ in range(expectations))
    return Order(
        id=OrderId(order_id),
        steps=tuple(_decode_step(reader) for _ in range(steps)),
        terms=Terms(valid_from_us=valid_from, valid_until_us=valid_until, expects=expects),
        evidence=evidence or b"",
    )


def _decode_expectation(reader: _Reader) -> Expectation:
    account, mark, present, balance, version = reader.take(_EXPECTATION)
    if present > 3 or (not present & 1 and balance) or (not present & 2 and version):
        raise reader.fault("hold an expectation with stray figures")
    return Expectation(
        account=AccountId(account),
        mark=Mark(mark),
        balance=balance if present & 1 else None,
        version=version if present & 2 else None,
    )


def _decode_step(reader: _Reader) -> Step:
    tag = reader.data[reader.offset : reader.offset + 1]
    if tag and Kind.POST <= tag[0] <= Kind.EXPIRE:
        return _decode_transfer(reader)
    kind = reader.byte()
    if kind == _DECLARE:
        return DeclareAsset(asset=reader.text(), scale=reader.byte())
    if kind == _OPEN:
        return _decode_opening(reader)
    if kind not in (_LIMITS, _STATUS, _CLOSE):
        raise reader.fault("hold a step of no known kind")
    account = AccountId(reader.take(_ACCOUNT)[0])
    if kind == _LIMITS:
        return SetLimits(account=account, floor=reader.limit(), ceiling=reader.limit())
    if kind == _STATUS:
        return SetStatus(account=account, status=Status(reader.byte()))
    return CloseAccount(account=account)


def _decode_opening(reader: _Reader) -> OpenAccount:
    asset, role, owner = reader.text(), reader.byte(), reader.text()
    if role not in _ROLES:
        raise reader.fault("hold an account role of no known kind")
    return OpenAccount(
        asset=asset, role=Role(role), owner=owner, floor=reader.limit(), ceiling=reader.limit()
    )


def _decode_transfer(reader: _Reader) -> Transfer:
    kind, debit, credit, mark, amount, code, timeout_s = reader.take(TRANSFER)
    pending = None
    if kind in _WITH_REFERENCE:
        order_id, step = reader.take(_REFERENCE)
        pending = PendingRef(order_id=OrderId(order_id), step=step)  # type: ignore[arg-type]
    return Transfer(
        debit=AccountId(debit),
        credit=AccountId(credit),
        amount=amount,
        mark=Mark(mark),
        kind=Kind(kind),
        code=code,
        timeout_s=timeout_s,
        pending=pending,
    )

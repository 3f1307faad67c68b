# SPDX-License-Identifier: Apache-2.0
"""What a bank tells its customer of an order, and how it is kept. Pure."""

from enum import StrEnum, unique
from typing import Final

import msgspec
from msgspec import Struct

from kerege.bank.limits import Exceeded
from kerege.bank.refusal import BankRefusal
from kerege.payments.verdict import Verdict

__all__ = ["Answer", "PaymentState", "decode_answer", "encode_answer", "refused"]


@unique
class PaymentState(StrEnum):
    """Where an order stands with its bank."""

    SENT = "sent"
    """On its way: the core's answer is not known. The bank goes on asking."""
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Answer(Struct, frozen=True, omit_defaults=True):
    """What became of an order: the core's verdict, or the bank's own in the same form.

    `verdict.code` is `sent` while the core's answer is not known. `exceeded` goes with a limit or
    a deposit that had no room.
    """

    state: PaymentState
    verdict: Verdict
    exceeded: Exceeded | None = None

    @property
    def is_final(self) -> bool:
        """Whether this will stay the answer."""
        return self.state is not PaymentState.SENT


_DECODER: Final = msgspec.msgpack.Decoder(Answer)


def encode_answer(answer: Answer) -> bytes:
    """As kept with the order."""
    return msgspec.msgpack.encode(answer)


def decode_answer(data: bytes) -> Answer:
    """Inverse of `encode_answer`."""
    return _DECODER.decode(data)


def refused(order: str, code: BankRefusal, *, exceeded: Exceeded | None = None) -> Answer:
    """The bank's own refusal; its figures are those of `exceeded`."""
    found, limit = (exceeded.asked, exceeded.fits) if exceeded else (0, 0)
    verdict = Verdict(order=order, code=code, found=found, limit=limit)
    return Answer(PaymentState.REFUSED, verdict, exceeded)

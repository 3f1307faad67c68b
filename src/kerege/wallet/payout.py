# SPDX-License-Identifier: Apache-2.0
"""Bulk payout: a file's lines in orders of many legs, each line's outcome told, none paid twice.

The ids of the orders follow from the wallet, the file and the run, so the same file paid again
after a crash is the same orders: what was paid is told, what was not is paid. Whoever wants to pay
the same file a second time says so by another `run`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from kerege.payments import Leg
from kerege.payments.bulk import LineReport
from kerege.wallet.line import BankRefused
from kerege.wallet.sending import StillUnanswered
from kerege.wallet.wallet import Wallet
from kerege.wallet.wire import Answer, PayoutPlan, PlannedLine

__all__ = ["LEGS_AT_ONCE", "NOBODY", "NOT_SENT", "pay_out"]

LEGS_AT_ONCE: Final = 100
"""Lines of one order: one that is refused takes the others of its order with it, and they are sent
again without it."""

NOBODY: Final = "payee_unknown"
NOT_SENT: Final = "not_sent"
"""Codes of lines that were never in an order."""

_ONE_LINES_FAULT: Final = frozenset(
    {
        "payee_unknown",
        "payee_does_not_hold_asset",
        "payee_is_payer",
        "exceeds_ceiling",
        "credits_frozen",
        "credit_account_closed",
    }
)
"""Refusals that are about one payee: the others can be paid without it."""


def pay_out(wallet: Wallet, plan: PayoutPlan, *, digest: bytes, run: int = 1) -> list[LineReport]:
    """Pay every line of `plan`; `digest` is SHA-256 of the file. Reports in the lines' order.

    A refusal that is about the payer ends it: what follows is `not_sent`.
    """
    reports: dict[int, LineReport] = {}
    payable = [line for line in plan.lines if line.wallet]
    ended = ""
    for number, chunk in enumerate(_chunks(payable)):
        if ended:
            break
        ended = _pay_chunk(wallet, plan.asset, chunk, reports, label=(digest, run, number))
    for line in plan.lines:
        code = NOT_SENT if line.wallet else NOBODY
        reports.setdefault(line.line, _report(line, code, text=ended))
    return [reports[line.line] for line in plan.lines]


def _pay_chunk(
    wallet: Wallet,
    asset: str,
    lines: Sequence[PlannedLine],
    reports: dict[int, LineReport],
    *,
    label: tuple[bytes, int, int],
) -> str:
    """Pay a chunk, without lines that cannot be paid; why nothing after it can be, or nothing."""
    left = list(lines)
    for attempt in range(len(lines)):
        try:
            answer = _send(wallet, asset, left, _order_id(wallet.id, label, attempt))
        except (StillUnanswered, BankRefused) as fault:
            return fault.message
        verdict = answer.verdict
        one = verdict.code in _ONE_LINES_FAULT and 0 <= verdict.step < len(left)
        told = [left.pop(verdict.step)] if one else left
        for line in told:
            reports[line.line] = _report(line, verdict.code, order=verdict.order, text=answer.text)
        if verdict.accepted or not left:
            return ""
        if not one:
            return answer.text or verdict.code
    return ""


def _send(wallet: Wallet, asset: str, lines: Sequence[PlannedLine], order: str) -> Answer:
    legs = [Leg(to=line.wallet, amount=line.amount, purpose=line.purpose) for line in lines]
    return wallet.pay_all(legs, asset=asset, order=order)


def _report(line: PlannedLine, code: str, *, order: str = "", text: str = "") -> LineReport:
    return LineReport(
        line=line.line, to=line.wallet, amount=str(line.amount), code=code, order=order, text=text
    )


def _chunks(lines: Sequence[PlannedLine]) -> Iterator[Sequence[PlannedLine]]:
    for start in range(0, len(lines), LEGS_AT_ONCE):
        yield lines[start : start + LEGS_AT_ONCE]


def _order_id(wallet: str, label: tuple[bytes, int, int], attempt: int) -> str:
    """The id an order of a payout has whoever makes it, and whenever. Its first bit is 0: ids that
    begin with bytes of 255 are the ledger's own."""
    digest, run, chunk = label
    text = f"kerege-payout/v1\n{wallet}\n{digest.hex()}\n{run}\n{chunk}\n{attempt}\n"
    made = hashlib.sha256(text.encode()).digest()
    return f"ord_{made[0] & 0x7F:02x}{made[1:16].hex()}"

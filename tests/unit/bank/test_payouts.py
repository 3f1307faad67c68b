# SPDX-License-Identifier: Apache-2.0
"""Payout files are planned whole or not at all, each alias asked for once."""

from kerege.bank.payouts import MAX_ALIASES, Payouts
from kerege.bank.resolving import Found
from kerege.money import ISO4217
from kerege.payments.aliases import Numbering

WALLET = "wal_" + "1" * 32


class Nearby:
    """Knows one alias, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find_alias(self, alias: str) -> Found | None:
        self.asked.append(alias)
        return Found(WALLET, "b") if alias == "@bakery" else None

    def name_of(self, wallet: str, bank: str) -> str:
        return ""

    def find_request(self, request: str, bank: str) -> str | None:
        return None


def payouts() -> tuple[Payouts, Nearby]:
    nearby = Nearby()
    return Payouts(nearby, Numbering(phone_prefix="+7", phone_digits=10), ISO4217), nearby


def test_each_alias_is_asked_for_once() -> None:
    made, nearby = payouts()
    plan = made.plan(f"to,amount\n@bakery,1\n@bakery,2\n{WALLET},3\n@none,4\n", "KZT")
    assert [line.wallet for line in plan.lines] == [WALLET, WALLET, WALLET, ""]
    assert len(nearby.asked) == 2
    assert plan.total == 10_00


def test_too_many_aliases_are_a_fault() -> None:
    made, nearby = payouts()
    rows = "".join(f"@name{n},1\n" for n in range(MAX_ALIASES + 1))
    plan = made.plan(f"to,amount\n{rows}", "KZT")
    assert (plan.lines, nearby.asked) == ((), [])
    assert str(MAX_ALIASES) in plan.faults[0][2]
    assert made.aliases_in(f"to,amount\n{rows}", "KZT") == MAX_ALIASES + 1

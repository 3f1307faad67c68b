# SPDX-License-Identifier: Apache-2.0
"""Whatever the central bank does, in whatever order: money in circulation is backed to the unit."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.centralbank.actions import Issue, Redeem, ReservesIn, ReservesOut, SetQuota
from kerege.centralbank.register_participants import Quota
from kerege.ledger import UNMARKED, Cell, Order, Transfer, format_order_id
from tests.ledgers import order_id
from tests.registers import Bank, Country

BANKS = st.integers(0, 1)
AMOUNTS = st.integers(1, 100)
TURNS = st.lists(
    st.one_of(
        st.tuples(st.just("in"), BANKS, AMOUNTS),
        st.tuples(st.just("out"), BANKS, AMOUNTS),
        st.tuples(st.just("issue"), BANKS, AMOUNTS),
        st.tuples(st.just("pay"), BANKS, AMOUNTS),
        st.tuples(st.just("give back"), BANKS, AMOUNTS),
        st.tuples(st.just("redeem"), BANKS, AMOUNTS),
        st.tuples(st.just("quota"), BANKS, AMOUNTS),
    ),
    max_size=30,
)


class _Play:
    """Two banks, and what each has according to a model of four numbers."""

    def __init__(self, folder: Path) -> None:
        self.country = Country(folder)
        self.banks = [self.country.bank(name) for name in ("altyn", "tulpar")]
        self.payments: list[tuple[str, int]] = []
        self.brought = 0

    def turn(self, what: str, which: int, amount: int) -> None:
        bank = self.banks[which]
        money = {"participant": bank.name, "asset": "KZT", "amount": amount}
        match what:
            case "in":
                self._act(ReservesIn(**money))  # type: ignore[arg-type]
                self.brought += amount
            case "out":
                if self._act(ReservesOut(**money)):  # type: ignore[arg-type]
                    self.brought -= amount
            case "issue":
                self._act(Issue(**money))  # type: ignore[arg-type]
            case "pay":
                self._pay(bank, self._account(self.banks[1 - which]), amount)
            case "give back":
                wallet = self.country.register.accounts().redemption_wallet
                redemption = self.country.register.wallet(wallet)
                assert redemption is not None
                self._pay(bank, redemption.accounts["KZT"], amount)
            case "redeem" if self.payments:
                # Any payment ever made, so some twice and some that are not for redemption.
                payment, _ = self.payments[amount % len(self.payments)]
                self._act(Redeem(payment=payment))
            case "quota":
                quota = Quota(issuance={"KZT": amount * 3})
                self._act(SetQuota(participant=bank.name, quota=quota))

    def _act(self, action: object) -> bool:
        text = self.country.sign_as("staff-aru", self.country.proposal(action))  # type: ignore[arg-type]
        register = self.country.register
        return register.approve(self.country.approval_of(register.propose(text))).code == "executed"

    def _account(self, bank: Bank) -> int:
        facts = self.country.register.wallet(bank.own.id)
        assert facts is not None
        return facts.accounts["KZT"]

    def _pay(self, bank: Bank, to: int, amount: int) -> None:
        step = Transfer(self._account(bank), to, amount)  # type: ignore[arg-type]
        order = Order(order_id(10**9 + self.country.next_number()), (step,))
        if self.country.ledger.post([order])[0].accepted:
            self.payments.append((format_order_id(order.id), amount))

    def check(self) -> None:
        supply = self.country.register.supply()[0]
        accounts = self.country.register.accounts()
        reserves = [accounts.reserves[bank.name, "KZT"] for bank in self.banks]
        assert supply.circulating == supply.reserves >= 0
        assert self._sum(reserves) + supply.reserves == self.brought
        quotas = [accounts.quotas[bank.name, "KZT"] for bank in self.banks]
        assert self._sum(quotas) == -supply.circulating
        assert self._sum([accounts.quota_sink]) == supply.circulating

    def _sum(self, accounts: Sequence[int]) -> int:
        cells = [self.country.ledger.cells(each) for each in accounts]  # type: ignore[arg-type]
        return sum(cell.get(UNMARKED, Cell()).balance for cell in cells)


@settings(max_examples=8, deadline=None)
@given(turns=TURNS)
def test_supply_equals_reserves(turns: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        play = _Play(Path(folder))
        for turn in turns:
            play.turn(*turn)
            play.check()
        play.country.close()

# SPDX-License-Identifier: Apache-2.0
"""In any order of refunds, awards sent again and answers lost, a payer is given back what was
awarded or what was refunded before, whichever is more, once; the bank keeps nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kerege.bank.core_line import CoreUnreachable
from kerege.bank.core_twin import CoreTwin
from kerege.bank.disputes import Disputes
from kerege.bank.own_wallet import OwnWallet
from kerege.keys import parse_compact
from kerege.payments.disputes import Case, Reason
from kerege.payments.documents import Mandate, Refund, decode_document
from kerege.payments.verdict import Verdict
from tests.gifts import give_programme
from tests.two_tiers import ASSET, MINUTE_US, Branch, Country, Signer
from tests.unreliable import Silent

MARKED, PLAIN = 300, 200
PAID = MARKED + PLAIN
SHOPS_OWN = 1_000
OUR_BANK, OTHER_BANK = "altyn-bank", "kumis-bank"
LOOK_US = 301 * 1_000_000


class Meddling(Silent):
    """A line on which the payee refunds just before the bank is heard, and answers are lost."""

    def __init__(self, core: CoreTwin, bank: str, script: list[tuple[int, bool]]) -> None:
        super().__init__(core, bank)
        self.script = script
        self.refund: Callable[[int], None] = lambda _amount: None
        self.bank_wallet = ""
        self.given: dict[str, int] = {}

    def submit(self, texts: Sequence[bytes]) -> list[Verdict]:
        documents = [decode_document(parse_compact(text).payload) for text in texts]
        is_deaf = False
        if any(one.wallet == self.bank_wallet for one in documents) and self.script:
            amount, is_deaf = self.script.pop()
            if amount:
                self.refund(amount)
        verdicts = super().submit(texts)
        for document, verdict in zip(documents, verdicts, strict=True):
            if isinstance(document, Refund) and verdict.accepted:
                self.given[document.id] = document.amount
        if is_deaf:
            raise CoreUnreachable("the answer was lost")
        return verdicts


class Quarrel:
    """Aru paid a shop with a programme's money and her own, and disputes a part."""

    def __init__(self, folder: Path, shops_bank: str, script: list[tuple[int, bool]]) -> None:
        self.country = country = Country(folder)
        self.branch = branch = Branch(
            country, country.bank(OUR_BANK, issued=10_000), folder / "bank"
        )
        country.bank(OTHER_BANK)
        self.line = Meddling(country.core, OUR_BANK, [])
        branch.desk.delivery._core = self.line
        own = branch.signer
        self.disputes = Disputes(
            branch.tables,
            branch.desk.outgoing,
            OwnWallet(own.bank, own.wallet, own.key),
            clock=country.clock,
        )
        self.aru = branch.customer("aru")
        country.send(own, own.pay(self.aru.wallet, PLAIN))
        give_programme(branch, self.aru, MARKED)
        self.shop = country.person(shops_bank, owner_kind="firm")
        country.send(own, own.pay(self.shop.wallet, SHOPS_OWN))
        paid = branch.submit(self.aru, self.aru.pay(self.shop.wallet, PAID))
        assert paid.verdict.accepted
        self.payment = paid.verdict.order
        self._grant(own)
        self.own_before = country.balance(own)
        self.line.bank_wallet, self.line.script = own.wallet, script
        self.line.refund = self.refund
        self.refunded: list[tuple[int, int]] = []

    def _grant(self, own: Signer) -> None:
        mandate = Mandate(
            id=self.country.order_id(),
            wallet=self.shop.wallet,
            until_us=self.country.clock.now_us() + MINUTE_US,
            asset=ASSET,
            to=own.wallet,
            each=PAID,
            total=2 * PAID,
            holds=True,
        )
        assert self.country.send(self.shop, self.shop.sign(mandate)).accepted
        self.disputes.take_part(self.shop.wallet, mandate.id)

    def refund(self, amount: int) -> None:
        """The shop pays back of itself; noted with how much the bank had given by then."""
        document = Refund(
            id=self.country.order_id(),
            wallet=self.shop.wallet,
            until_us=self.country.clock.now_us() + MINUTE_US,
            order=self.payment,
            amount=amount,
        )
        if self.country.send(self.shop, self.shop.sign(document)).accepted:
            self.refunded.append((amount, sum(self.line.given.values())))

    def decide(self, claimed: int, awarded: int) -> Case:
        case = self.disputes.open(
            wallet=self.aru.wallet,
            payment=self.payment,
            leg=0,
            reason=Reason.NOT_RECEIVED,
            claimed=claimed,
        )
        assert isinstance(case, Case)
        self.disputes.answer(case.id, by=self.shop.wallet, conceded=0)
        self.disputes.decide(case.id, awarded=awarded)
        for _ in range(12):
            self.country.clock.advance_us(LOOK_US)
            self.branch.desk.delivery.tend(self.country.clock.now_us())
            self.disputes.tend()
        return self.disputes.get(case.id)

    def marks(self) -> dict[int, int]:
        """What Aru has of each mark."""
        found = self.branch.country.line(OUR_BANK).balances(self.aru.wallet)
        return {one.mark: one.balance for one in found}

    def check(self, awarded: int) -> None:
        given = sum(self.line.given.values())
        back = given + sum(amount for amount, _ in self.refunded)
        before = sum(amount for amount, by_then in self.refunded if not by_then)
        assert len(self.line.given) <= 1
        assert given == max(awarded - before, 0)
        assert sum(self.marks().values()) == back <= PAID
        # The last goes back first: her own, then the programme's.
        assert self.marks().get(1, 0) == max(back - PLAIN, 0)
        assert self.country.balance(self.shop) == SHOPS_OWN + PAID - back
        assert self.country.balance(self.branch.signer) == self.own_before


@contextmanager
def _quarrel(
    factory: pytest.TempPathFactory, bank: str, script: list[tuple[int, bool]]
) -> Iterator[Quarrel]:
    quarrel = Quarrel(factory.mktemp("awards"), bank, script)
    try:
        yield quarrel
    finally:
        quarrel.branch.close()
        quarrel.country.close()


@settings(max_examples=12, deadline=None)
@given(
    bank=st.sampled_from([OUR_BANK, OTHER_BANK]),
    claimed=st.integers(1, PAID),
    share=st.floats(0.01, 1),
    script=st.lists(st.tuples(st.sampled_from([0, 0, 1, 40, 260]), st.booleans()), max_size=7),
)
def test_nobody_is_paid_back_twice(
    tmp_path_factory: pytest.TempPathFactory,
    bank: str,
    claimed: int,
    share: float,
    script: list[tuple[int, bool]],
) -> None:
    awarded = max(1, int(claimed * share))
    with _quarrel(tmp_path_factory, bank, script) as quarrel:
        quarrel.decide(claimed, awarded)
        quarrel.check(awarded)


def test_what_the_payee_refunds_between_capture_and_award_is_not_awarded_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    # From the last: the reservation, the capture, the award (whose answer is lost), and once more.
    script = [(0, False), (40, False), (260, True), (0, False), (0, False)]
    with _quarrel(tmp_path_factory, OUR_BANK, script) as quarrel:
        quarrel.decide(PAID, PAID)
        assert quarrel.refunded == [(260, 0), (40, 0)]
        quarrel.check(PAID)

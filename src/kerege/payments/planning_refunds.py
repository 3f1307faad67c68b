# SPDX-License-Identifier: Apache-2.0
"""Plans of refunds: a paid leg backwards, mark by mark. Pure.

Each mark of the leg has an allowance of what was paid in it, so neither the leg nor any mark in it
is ever paid back more than once, however many refunds are sent at once. Fees stay paid.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from kerege.errors import InvariantViolation
from kerege.ledger.ids import UNMARKED, AccountId, Mark
from kerege.ledger.order import Expectation, Transfer
from kerege.payments.allowances import refundable
from kerege.payments.contracts import find_contract
from kerege.payments.documents import Refund
from kerege.payments.earlier import Moved, Settled, find_settled
from kerege.payments.parties import find_payee, find_signer
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene, WalletFacts
from kerege.payments.steps import WHOLE, Steps
from kerege.payments.vat_papers import find_invoice
from kerege.payments.vat_refunds import Paid, divide_refund, is_vat_mark
from kerege.programmes import ActiveProgramme

__all__ = ["plan_refund"]


_BANK: Final = "bank"
"""The kind of owner that may refund in a payee's stead."""


class _Share(Struct, frozen=True, gc=False):
    """What goes back of what was moved one way, and the allowance it uses up."""

    moved: Moved
    allowance: AccountId
    amount: int


def plan_refund(refund: Refund, scene: Scene) -> Plan | Refused:
    """Pay back (a part of) one leg of a payment, a capture or a pull; of a refund never.

    The payee does, or the payer's bank with its own money: what a dispute awards. Either way every
    mark goes back the way it came, and nothing twice.
    """
    signer = find_signer(refund.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    settled = find_settled(refund.order, refund.leg, scene)
    if settled is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    if settled.payee != signer.id and not _keeps_payer(signer, settled, scene):
        return Refused(Refusal.NOT_YOURS)
    account = signer.accounts.get(settled.asset)
    if account is None:
        return Refused(Refusal.ASSET_NOT_HELD)
    payer = find_payee(settled.payer, scene, payer=signer.id, asset=settled.asset)
    if isinstance(payer, Refusal):
        return Refused(payer)
    steps = Steps()
    shares = _shares_of_leg(refund, settled, scene, steps)
    if isinstance(shares, Refused):
        return shares
    back = _Back(account, payer, settled, scene, steps)
    for share in shares:
        sink = scene.allowance_sink
        steps.use_up(share.allowance, sink, share.amount, Refusal.EXCEEDS_REFUNDABLE)
        back.give(share)
    _give_limits_back(refund.amount, settled, scene, steps)
    return steps.plan()


def _give_limits_back(amount: int, settled: Settled, scene: Scene, steps: Steps) -> None:
    """What was paid under a contract and came back may be paid under it again."""
    contract = find_contract(settled.about, scene) if settled.about else None
    if contract is None or contract.terms.wallet != settled.payer:
        return
    limits = [contract.payable]
    if settled.milestone:
        limits.append(contract.milestones[settled.milestone])
    for limit in limits:
        steps.add(Transfer(scene.allowance_sink, limit, amount), WHOLE)


def _keeps_payer(signer: WalletFacts, settled: Settled, scene: Scene) -> bool:
    payer = scene.wallet(settled.payer)
    return signer.owner_kind == _BANK and payer is not None and payer.bank == signer.bank


class _Back:
    """Gives money back to who paid, in the marks it came from; to the funder what a programme paid
    that is over."""

    def __init__(
        self,
        account: AccountId,
        payer: WalletFacts,
        settled: Settled,
        scene: Scene,
        steps: Steps,
    ) -> None:
        self._account = account
        self._payer = payer
        self._payee = settled.payee
        self._asset = settled.asset
        self._code = settled.purpose
        self._scene = scene
        self._steps = steps
        self._left = dict(scene.purse(account))

    def give(self, share: _Share) -> None:
        """First of the mark it arrived in; what is spent already comes from unmarked money."""
        arrived, amount = share.moved.arrived, share.amount
        if arrived == UNMARKED:
            is_funder = self._is_funder(share.moved.mark, self._payee)
            self._send(UNMARKED, share.moved.mark, amount, anew=is_funder)
            return
        there = min(amount, self._left.get(arrived, 0))
        self._left[arrived] = self._left.get(arrived, 0) - there
        self._steps.chosen = True
        self._send(arrived, share.moved.mark, there)
        # The funder marks its money itself; to others it goes as it came, or a mark would be lost.
        is_funders = self._is_funder(share.moved.mark, self._payer.id)
        wanted = UNMARKED if is_funders else share.moved.mark
        self._send(UNMARKED, wanted, amount - there, anew=True)

    def _is_funder(self, mark: Mark, wallet: str) -> bool:
        programme = self._scene.programmes.get(mark)
        return programme is not None and programme.terms.funder == wallet

    def _send(self, mark: Mark, wanted: Mark, amount: int, *, anew: bool = False) -> None:
        """Move `amount` that the payee has in `mark`, to arrive in the mark `wanted`; `anew` if the
        budget does not count it at present: it was returned, or may have been. VAT that loses its
        mark is always returned."""
        if not amount:
            return
        over = self._programme_that_is_over(wanted)
        if wanted != UNMARKED and over is None:
            if anew or (mark == UNMARKED and is_vat_mark(wanted, self._scene)):
                self._use_budget_again(wanted, amount)
            self._send_marked(mark, wanted, amount)
            return
        home = self._payer if over is None else self._scene.wallet(over.terms.funder)
        if home is None:
            raise InvariantViolation("a programme's funder has no wallet")
        source = self._account
        if mark != UNMARKED:
            source = self._scene.converter(self._asset)
            self._add(self._account, source, amount, mark)
            self._give_budget_back(mark, amount)
        self._steps.pay_into(home, self._asset, ((source, amount),), code=self._code)

    def _send_marked(self, mark: Mark, wanted: Mark, amount: int) -> None:
        home = self._payer.accounts[self._asset]
        if mark == wanted:
            self._add(self._account, home, amount, mark)
            return
        converter = self._scene.converter(self._asset)
        self._add(self._account, converter, amount, mark)
        self._add(converter, home, amount, wanted)

    def _use_budget_again(self, mark: Mark, amount: int) -> None:
        """Money that is marked once more uses the budget once more."""
        budget, sink = self._scene.programmes[mark].budget, self._scene.allowance_sink
        self._steps.use_up(budget, sink, amount, Refusal.PROGRAMME_BUDGET)

    def _give_budget_back(self, mark: Mark, amount: int) -> None:
        """What still had its mark when its programme was over is the funder's again; VAT was marked
        by a payment, which is undone."""
        budget = self._scene.programmes[mark].budget
        self._steps.add(Transfer(self._scene.allowance_sink, budget, amount))

    def _add(self, debit: AccountId, credit: AccountId, amount: int, mark: Mark) -> None:
        self._steps.add(Transfer(debit, credit, amount, mark, code=self._code))

    def _programme_that_is_over(self, mark: Mark) -> ActiveProgramme | None:
        """The programme of a mark, if its money goes back to its funder by now."""
        programme = self._scene.programmes.get(mark)
        if programme is None:
            return None
        return programme if programme.is_over(self._scene.now_us) else None


def _shares_of_leg(
    refund: Refund, settled: Settled, scene: Scene, steps: Steps
) -> tuple[_Share, ...] | Refused:
    """What goes back of each way the money went; of what was paid for an invoice, VAT and the rest
    apart."""
    if refund.amount > (limit := sum(moved.amount for moved in settled.moved)):
        return Refused(Refusal.EXCEEDS_REFUNDABLE, found=refund.amount, limit=limit)
    opened = [
        (moved, scene.allowance(refundable(refund.order, refund.leg, moved)))
        for moved in settled.moved
    ]
    if refund.in_all:
        exceeding = _bound(refund, opened, scene, steps)
        if exceeding is not None:
            return exceeding
    paper = find_invoice(settled.invoice, scene) if settled.invoice else None
    if paper is None and refund.about:
        return Refused(Refusal.ORDER_NOT_FOUND)
    if paper is None:
        return _shares(opened, refund.amount, scene)
    vat_paid = [one for one in opened if is_vat_mark(one[0].arrived, scene)]
    rest_paid = [one for one in opened if one not in vat_paid]
    parts = divide_refund(
        refund, paper, Paid.find(vat_paid, scene), Paid.find(rest_paid, scene), scene, steps
    )
    if isinstance(parts, Refused):
        return parts
    vat, rest = parts
    of_vat, of_rest = _shares(vat_paid, vat, scene), _shares(rest_paid, rest, scene)
    if isinstance(of_vat, Refused):
        return of_vat
    return of_rest if isinstance(of_rest, Refused) else of_vat + of_rest


def _bound(
    refund: Refund, opened: Sequence[tuple[Moved, AccountId]], scene: Scene, steps: Steps
) -> Refused | None:
    """Hold a refund to what may go back in all; another one that comes first makes this a new
    plan."""
    left = [(moved, allowance, scene.spendable(allowance)) for moved, allowance in opened]
    given = sum(moved.amount - there for moved, _, there in left)
    limit = max(refund.in_all - given, 0)
    if refund.amount > limit:
        return Refused(Refusal.EXCEEDS_REFUNDABLE, found=refund.amount, limit=limit)
    steps.chosen = True
    for moved, allowance, there in left:
        # An allowance may go as far below zero as there is to refund.
        steps.expects.append(Expectation(allowance, UNMARKED, balance=there - moved.amount))
    return None


def _shares(
    opened: Sequence[tuple[Moved, AccountId]], amount: int, scene: Scene
) -> tuple[_Share, ...] | Refused:
    """What was paid last goes back first."""
    if not amount:
        return ()
    if len(opened) == 1:
        ((moved, allowance),) = opened
        return (_Share(moved, allowance, amount),)
    left = {allowance: scene.spendable(allowance) for _, allowance in opened}
    if amount > (limit := sum(left.values())):
        return Refused(Refusal.EXCEEDS_REFUNDABLE, found=amount, limit=limit)
    missing, shares = amount, []
    for moved, allowance in reversed(opened):
        taken = min(missing, left[allowance])
        missing -= taken
        if taken:
            shares.append(_Share(moved, allowance, taken))
    return tuple(shares)

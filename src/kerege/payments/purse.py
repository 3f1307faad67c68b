# SPDX-License-Identifier: Apache-2.0
"""Choosing which money pays: programmes' money where their rules allow, then unmarked. Pure.

Soonest expiry first; split tender in one order. What is chosen depends on balances as of this
batch: the ledger holds the order to them, and if another order came first the plan is made again.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from kerege.errors import InvariantViolation
from kerege.ledger.ids import AccountId, Mark
from kerege.ledger.order import Kind, Transfer
from kerege.payments.allowances import cap_allowance
from kerege.payments.documents import UNMARKED_ONLY, Hold, Pay, Pull
from kerege.payments.papers import Paper, find_paper
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Kept, Refused, Scene, WalletFacts
from kerege.payments.steps import Steps
from kerege.programmes import (
    ActiveProgramme,
    Allowed,
    Blocked,
    Cap,
    Party,
    Programme,
    Route,
    Situation,
)

__all__ = ["Leaving", "Purse", "party_of"]

_SECOND_US: Final = 1_000_000


class Leaving(Struct, frozen=True, kw_only=True):
    """One leg, or a part of one: `amount` minor units for `payee`. `hold_s` above 0: reserved for
    so long.

    `vat`: of a payment for an invoice, whether this is its VAT, which VAT money pays and nothing
    else marked, or what is left, which it may not; None where there is no invoice.
    """

    payee: WalletFacts
    amount: int
    code: int
    place: int = 0
    hold_s: int = 0
    vat: bool | None = None


class _Way(Struct, frozen=True):
    """Money of one programme that may go: how much, on which route, and the caps it uses up.

    `bound`: the rule that keeps there from being more, if it is one.
    """

    programme: ActiveProgramme
    route: Route
    amount: int
    caps: tuple[tuple[Cap, AccountId, str], ...]
    bound: str = ""


class Purse:
    """A payer's money while one order is planned. Raises nothing; `find` makes it."""

    def __init__(
        self,
        document: Pay | Hold | Pull,
        payer: WalletFacts,
        asset: str,
        paper: Paper | None,
        scene: Scene,
    ) -> None:
        self._document = document
        self.payer = payer
        self._asset = asset
        self.paper = paper
        self._scene = scene
        self._account = payer.accounts[asset]
        self._only = "" if isinstance(document, Pull) else document.spend
        self._items = () if isinstance(document, Pay) and len(document.legs) > 1 else document.items
        self._left = {} if self._only == UNMARKED_ONLY else dict(scene.purse(self._account))
        self._cap_left: dict[AccountId, int] = {}
        self._last_seen: tuple[Leaving, Situation] | None = None

    @classmethod
    def find(
        cls, document: Pay | Hold | Pull, payer: WalletFacts, asset: str, scene: Scene
    ) -> "Purse | Refused":
        """The purse of `payer` for a document, unless what it is about is nothing registered."""
        paper = find_paper(document, scene)
        if isinstance(paper, Refusal):
            return Refused(paper)
        purse = cls(document, payer, asset, paper, scene)
        return purse._refused_choice() or purse

    def _refused_choice(self) -> Refused | None:
        if self._only in ("", UNMARKED_ONLY):
            return None
        known = [one for one in self._scene.programmes.values() if one.terms.id == self._only]
        return None if known else Refused(Refusal.PROGRAMME_UNKNOWN)

    def draw(self, leaving: Leaving, steps: Steps) -> int | Refused:
        """Append what programmes pay of a leg, after what it uses up of the paper it is about;
        returns what is left for unmarked money."""
        if self.paper is not None and leaving.vat is None:
            refused = self.use_paper(self.paper, leaving, steps)
            if refused is not None:
                return refused
        missing = leaving.amount
        hindered: list[tuple[ActiveProgramme, Blocked | None]] = []
        for mark in self._marks(leaving):
            programme = self._scene.programmes[mark]
            way = self._way(programme, leaving, missing)
            if isinstance(way, _Way):
                self._send(way, leaving, steps)
                missing -= way.amount
                if not missing:
                    return 0
                if way.bound:
                    hindered.append((programme, Blocked(way.route.name, way.bound)))
            else:
                hindered.append((programme, way))
        return self._rest(leaving, missing, hindered, steps)

    def use_paper(self, paper: Paper, leaving: Leaving, steps: Steps) -> Refused | None:
        """Append what a leg uses up of the paper it is about, or say why it may not."""
        return paper.use(
            payer=self.payer.id,
            payee=leaving.payee.id,
            amount=leaving.amount,
            steps=steps,
            leg=leaving.place,
            hold_s=leaving.hold_s,
        )

    def _marks(self, leaving: Leaving) -> list[Mark]:
        """Marks that may pay, those whose programme ends first before others."""
        programmes, only = self._scene.programmes, self._only
        if leaving.vat is None:
            marks = [mark for mark in self._left if not only or programmes[mark].terms.id == only]
        else:
            marks = [mark for mark in self._left if self._is_part(programmes[mark].terms, leaving)]
        if len(marks) > 1:
            marks.sort(key=lambda mark: (programmes[mark].terms.ends_us, mark))
        return marks

    def _is_part(self, terms: Programme, leaving: Leaving) -> bool:
        """Whether money of a programme is asked for its part of an invoice: VAT for VAT whatever
        the payer chose."""
        if leaving.vat:
            return terms.vat is not None
        return terms.vat is None and self._only in ("", terms.id)

    def _rest(
        self,
        leaving: Leaving,
        missing: int,
        hindered: Sequence[tuple[ActiveProgramme, Blocked | None]],
        steps: Steps,
    ) -> int | Refused:
        """Note what kept programmes' money back, for unmarked money may not suffice."""
        kept = None
        for programme, found in hindered[:1]:
            kept = Kept(programme, self._situation(programme, leaving), found)
        if leaving.vat or self._only in ("", UNMARKED_ONLY):
            steps.kept = steps.kept or kept
            return missing
        passed = leaving.amount - missing + (kept.why().limit if kept else 0)
        rule = kept.rule() if kept else f"{self._only}//balance"
        return Refused(
            Refusal.PROGRAMME_RULE, leaving.place, leaving.amount, passed, rule, chosen=True
        )

    def _way(
        self, programme: ActiveProgramme, leaving: Leaving, missing: int
    ) -> _Way | Blocked | None:
        """How much of a programme's money may go; None if its rules say no."""
        if programme.suspended:
            return Blocked(rule="suspended")
        judged = programme.rules.allow(self._situation(programme, leaving))
        if judged is None:
            return None
        if self._scene.now_us > _latest_us(programme.terms, leaving):
            return Blocked(judged.route.name, "hold-ends")
        amount = min(self._left[programme.mark], missing)
        bound = "" if amount <= judged.most else _bound_of(judged)
        amount = min(amount, judged.most)
        used = []
        for cap in judged.route.caps:
            if cap.window == "payment":
                continue
            counted = _counted(cap, self.payer.id, leaving.payee.id)
            allowance = self._scene.allowance(
                cap_allowance(programme.terms, judged.route, cap, counted)
            )
            if allowance not in self._cap_left:
                self._cap_left[allowance] = self._scene.spendable(allowance)
            left = self._cap_left[allowance]
            if not left:
                return Blocked(judged.route.name, cap.name)
            if left < amount:
                amount, bound = left, cap.name
            used.append((cap, allowance, counted))
        if not amount:
            return Blocked(judged.route.name, "balance")
        return _Way(programme, judged.route, amount, tuple(used), bound)

    def _situation(self, programme: ActiveProgramme, leaving: Leaving) -> Situation:
        """What a programme may see of a leg; nearly always the same for all of them."""
        funder, ids = programme.terms.funder, (self.payer.id, leaving.payee.id)
        if self.paper is not None or funder in ids:
            return self._seen_by(programme, leaving)
        seen, situation = self._last_seen or (None, None)
        if situation is None or seen is not leaving:
            situation = self._seen_by(programme, leaving)
            self._last_seen = leaving, situation
        return situation

    def _seen_by(self, programme: ActiveProgramme, leaving: Leaving) -> Situation:
        funder, paper = programme.terms.funder, self.paper
        payer, payee = self.payer, leaving.payee
        contract = None
        if paper is not None:
            contract = paper.contracted(payer.id, payee.id, programme.terms.id)
        return Situation(
            payer=party_of(payer, funder),
            payee=party_of(payee, funder),
            amount=leaving.amount,
            at_us=self._scene.now_us,
            purpose=leaving.code,
            channel=self._document.channel,
            items=self._items,
            contract=contract,
            invoiced=paper is not None and paper.invoiced(payer.id, payee.id),
        )

    def _send(self, way: _Way, leaving: Leaving, steps: Steps) -> None:
        """Use up the caps, then move or reserve the money."""
        steps.chosen = True
        steps.marked += way.amount
        steps.end_by(_latest_us(way.programme.terms, leaving))
        self._left[way.programme.mark] -= way.amount
        for cap, allowance, counted in way.caps:
            self._cap_left[allowance] -= way.amount
            window_s = way.programme.rules.window_s(cap, at_us=self._scene.now_us, counted=counted)
            steps.use_up(
                allowance,
                self._scene.allowance_sink,
                way.amount,
                Refusal.PROGRAMME_RULE,
                window_s=window_s,
                leg=leaving.place,
            )
        if leaving.hold_s:
            self._reserve(way, leaving, steps)
        else:
            self._pay(way, leaving, steps)

    def _reserve(self, way: _Way, leaving: Leaving, steps: Steps) -> None:
        keeps = way.route.arrival == "keep"
        home = leaving.payee.accounts[self._asset]
        steps.add(
            Transfer(
                self._account,
                home if keeps else self._scene.converter(self._asset),
                way.amount,
                way.programme.mark,
                Kind.PENDING,
                leaving.code,
                leaving.hold_s,
            ),
            leaving.place,
        )

    def _pay(self, way: _Way, leaving: Leaving, steps: Steps) -> None:
        account, mark, place = self._account, way.programme.mark, leaving.place
        home, code = leaving.payee.accounts[self._asset], leaving.code
        if way.route.arrival == "keep":
            # Nothing of a programme's flows on into a deposit: no waterfall.
            steps.add(Transfer(account, home, way.amount, mark, code=code), place)
            return
        converter = self._scene.converter(self._asset)
        steps.add(Transfer(account, converter, way.amount, mark, code=code), place)
        steps.pay_into(leaving.payee, self._asset, ((converter, way.amount),), code=code, leg=place)
        if leaving.payee.id == way.programme.terms.funder:
            sink, budget = self._scene.allowance_sink, way.programme.budget
            steps.add(Transfer(sink, budget, way.amount), place)


def _latest_us(terms: Programme, leaving: Leaving) -> int:
    """The last instant a programme's money may go, or be reserved: a hold ends with it at the
    latest."""
    return terms.ends_us - (leaving.hold_s * _SECOND_US or 1)


def party_of(wallet: WalletFacts, funder: str) -> Party:
    """A wallet as a programme funded by `funder` may see it."""
    return Party(
        kind=wallet.owner_kind,
        tier=wallet.tier,
        category=wallet.category,
        region=wallet.region,
        vat=wallet.vat,
        bank=wallet.bank,
        is_funder=wallet.id == funder,
    )


def _counted(cap: Cap, payer: str, payee: str) -> str:
    """Whom a cap counts."""
    match cap.of:
        case "payer":
            return payer
        case "payee":
            return payee
        case "pair":
            return f"{payer}:{payee}"
        case "all":
            return ""
    raise InvariantViolation(f"a cap of {cap.of}")


def _bound_of(judged: Allowed) -> str:
    """The rule that lets no more than `most` of one payment pass."""
    caps = (cap for cap in judged.route.caps if cap.window == "payment")
    return next((cap.name for cap in caps if cap.amount == judged.most), "groups")

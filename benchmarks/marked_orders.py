# SPDX-License-Identifier: Apache-2.0
"""Programmes for the benchmark of orders: a funder, terms in force, marked money in each wallet."""

import msgspec

from benchmarks.signed_orders import SignedOrders
from kerege.centralbank.actions import ActivateProgramme
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    PROPOSAL_TYP,
    Approval,
    ProposalText,
    encode_text,
)
from kerege.keys import sign_compact
from kerege.payments import Fund, Leg, Pay
from kerege.programmes import Cap, Condition, Programme, Route
from kerege.programmes.document import PROGRAMME_TYP, Texts
from tests.registers import key_of, kid_of

__all__ = ["give_programmes"]

_TEXTS: Texts = {"kk": "-", "ru": "-", "en": "-"}
_EACH = 10_000
"""Minor units of each programme in each wallet: more than a run spends."""

_LEGS = 500
_CONDITIONS = (
    "payment.amount <= 100000",
    "at.minute >= 0 && at.weekday in [1, 2, 3, 4, 5, 6, 7]",
    "payee.tier in ['phone', 'full'] && payee.category == ''",
)


def give_programmes(orders: SignedOrders, count: int, *, capped: bool = False) -> None:
    """Put `count` programmes in force, and money of each into every wallet.

    The last to expire pays; the others, asked before it, keep their money back from payments as
    small as these. `capped`: that one counts each payer's day.
    """
    for number in range(count):
        funder, key, kid = orders.open_firm()
        pays = number == count - 1
        terms = _terms(number, funder, pays=pays, capped=capped and pays)
        text = sign_compact(msgspec.json.encode(terms), key, kid=kid, typ=PROGRAMME_TYP)
        _activate(orders, text.decode(), number)
        total = _EACH * len(orders.wallets)
        orders.must(
            orders.sign(Fund(**orders.frame(funder), programme=terms.id, amount=total), key)
        )
        for start in range(0, len(orders.wallets), _LEGS):
            legs = tuple(
                Leg(to=one, amount=_EACH) for one, *_ in orders.wallets[start : start + _LEGS]
            )
            frame = orders.frame(funder)
            orders.must(orders.sign(Pay(**frame, asset="KZT", legs=legs, spend=terms.id), key))


def _terms(number: int, funder: str, *, pays: bool, capped: bool) -> Programme:
    conditions = tuple(
        Condition(name=f"rule-{place}", cel=cel, texts=_TEXTS)
        for place, cel in enumerate(_CONDITIONS)
    )
    large = Condition(name="large", cel="payment.amount >= 2", texts=_TEXTS)
    caps = (Cap(name="daily", window="day", amount=_EACH, texts=_TEXTS),) if capped else ()
    return Programme(
        id=f"programme-{number}",
        version=1,
        asset="KZT",
        funder=funder,
        budget=10**15,
        starts_us=0,
        ends_us=2**52 + number,
        title=_TEXTS,
        summary=_TEXTS,
        routes=(
            Route(name="grant", when="payer.is_funder", arrival="keep", texts=_TEXTS),
            Route(
                name="spend",
                when='payee.kind == "person"',
                arrival="unmark",
                texts=_TEXTS,
                conditions=conditions if pays else (*conditions, large),
                caps=caps,
            ),
        ),
    )


def _activate(orders: SignedOrders, terms: str, number: int) -> None:
    proposal = ProposalText(
        id=f"prp_{number + 1:032x}",
        action=ActivateProgramme(terms=terms),
        reason="to be measured",
        expires_us=orders.clock.now_us() + 3_600_000_000,
    )
    first, second = key_of("staff-aru"), key_of("staff-bek")
    text = sign_compact(encode_text(proposal), first, kid=kid_of(first), typ=PROPOSAL_TYP)
    proposed = orders.register.propose(text)
    approval = encode_text(Approval(proposal=proposed.id, sha256=proposed.sha256))
    orders.register.approve(sign_compact(approval, second, kid=kid_of(second), typ=APPROVAL_TYP))

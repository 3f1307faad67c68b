# SPDX-License-Identifier: Apache-2.0
"""For each refusal that planning gives, a town and the document that meets it.

A row takes a fresh `Town`, prepares it, and returns the document to be refused; `ROWS` has one a
refusal, named like it.
"""

from collections.abc import Callable

from msgspec.structs import replace

from kerege.payments.documents import Document, Hold, Rehome, TopUp
from kerege.payments.fees import FeeRule, FeeSchedule
from kerege.payments.memory_scene import unsigned_text
from kerege.payments.refusal import Refusal
from tests.contract_refusal_rows import CONTRACT_ROWS
from tests.ledgers import START_US
from tests.programmes import route
from tests.reward_refusal_rows import REWARD_ROWS
from tests.towns import Town, lock_of
from tests.vat_refusal_rows import VAT_ROWS

__all__ = ["ROWS", "Row"]

Row = Callable[[Town], Document]
ROWS: dict[Refusal, Row] = {}
NOBODY = "wal_" + "f" * 32


def _row(row: Row) -> Row:
    ROWS[Refusal[row.__name__.upper().lstrip("_")]] = row
    return row


def _pair(town: Town, amount: int = 500) -> tuple[str, str]:
    return town.wallet(amount), town.wallet()


def _charge(town: Town, **rule: object) -> None:
    given = {"collector": town.wallet(), "basis_points": 100, **rule}
    texts = {"kk": "а", "ru": "б", "en": "c"}
    rules = (FeeRule(name="fee", asset="KZT", texts=texts, **given),)  # type: ignore[arg-type]
    town.scene.fees = FeeSchedule(version=1, rules=rules)


def _held(town: Town, **more: object) -> tuple[Hold, str, str]:
    aru, shop = _pair(town)
    hold = town.hold(aru, shop, 100, **more)
    town.must(hold)
    return hold, aru, shop


@_row
def _wallet_unknown(town: Town) -> Document:
    return town.pay(NOBODY, town.wallet(), 1)


@_row
def _wallet_kept_elsewhere(town: Town) -> Document:
    return _topup(town, bank="other-bank")


@_row
def _wallet_suspended(town: Town) -> Document:
    aru, shop = _pair(town)
    town.change(aru, suspended=True)
    return town.pay(aru, shop, 1)


@_row
def _asset_not_held(town: Town) -> Document:
    return town.pay(*_pair(town), 1, asset="USD")


@_row
def _payee_unknown(town: Town) -> Document:
    return town.pay(town.wallet(), NOBODY, 1)


@_row
def _payee_does_not_hold_asset(town: Town) -> Document:
    aru, shop = _pair(town)
    town.change(shop, accounts={})
    return town.pay(aru, shop, 1)


@_row
def _payee_is_payer(town: Town) -> Document:
    aru = town.wallet(5)
    return town.pay(aru, aru, 1)


@_row
def _decider_unknown(town: Town) -> Document:
    return town.hold(*_pair(town), 1, decider=NOBODY)


@_row
def _fee_above_granted(town: Town) -> Document:
    _charge(town, paid_by="payer", kinds=("pay",))
    return town.pay(*_pair(town), 500, max_fee=4)


@_row
def _request_invalid(town: Town) -> Document:
    return town.pay(*_pair(town), 1, request="a.b.c")


@_row
def _request_expired(town: Town) -> Document:
    aru, shop = _pair(town)
    bill = town.request(shop, 5, until_us=START_US - 1)
    return town.pay(aru, shop, 5, request=unsigned_text(bill))


@_row
def _request_mismatch(town: Town) -> Document:
    aru, shop = _pair(town)
    return town.pay(aru, shop, 4, request=unsigned_text(town.request(shop, 5)))


@_row
def _request_already_paid(town: Town) -> Document:
    aru, shop = _pair(town)
    bill = unsigned_text(town.request(shop, 5))
    town.must(town.pay(aru, shop, 5, request=bill))
    return town.pay(aru, shop, 5, request=bill)


@_row
def _order_not_found(town: Town) -> Document:
    aru, shop = _pair(town)
    return town.capture(shop, 1, town.hold(aru, shop, 1))


@_row
def _not_yours(town: Town) -> Document:
    hold, aru, _ = _held(town)
    return town.capture(aru, 1, hold)


@_row
def _hold_parts_mismatch(town: Town) -> Document:
    hold, _, shop = _held(town)
    return town.capture(shop, 1, hold, hold)


@_row
def _exceeds_hold(town: Town) -> Document:
    hold, _, shop = _held(town)
    return town.capture(shop, 101, hold)


@_row
def _preimage_wrong(town: Town) -> Document:
    hold, _, shop = _held(town, lock=lock_of(bytes(32)))
    return town.capture(shop, 100, hold)


@_row
def _exceeds_refundable(town: Town) -> Document:
    aru, shop = _pair(town)
    pay = town.pay(aru, shop, 10)
    town.must(pay)
    return town.refund(shop, pay, 11)


@_row
def _mandate_ended(town: Town) -> Document:
    return town.mandate(*_pair(town), ends_us=START_US)


@_row
def _mandate_exceeds_each(town: Town) -> Document:
    aru, shop = _pair(town)
    mandate = town.mandate(aru, shop, each=10)
    town.must(mandate)
    return town.pull(shop, mandate, 11)


@_row
def _mandate_used_up(town: Town) -> Document:
    aru, shop = _pair(town)
    mandate = town.mandate(aru, shop, each=10, total=9)
    town.must(mandate)
    return town.pull(shop, mandate, 10)


@_row
def _mandate_holds_not_granted(town: Town) -> Document:
    aru, shop = _pair(town)
    mandate = town.mandate(aru, shop)
    town.must(mandate)
    return town.pull(shop, mandate, 1, hold_s=60)


@_row
def _sponsor_used_up(town: Town) -> Document:
    sponsor, office = _pair(town)
    mandate = town.mandate(sponsor, office, total=1)
    town.must(mandate)
    _charge(town, paid_by="sponsor", collector=office, mandate=mandate.id)
    # As if another batch had used it up since this one began.
    vars(town.scene)["spendable"] = lambda _: 5
    return town.pay(*_pair(town), 500)


def _topup(town: Town, bank: str = "altyn-bank") -> TopUp:
    pay = town.pay(*_pair(town), 500)
    bank = town.wallet(500, owner_kind="bank", bank=bank)
    frame = {"id": pay.id, "wallet": bank, "until_us": pay.until_us, "asset": pay.asset}
    return TopUp(**frame, amount=1, pay=unsigned_text(pay))  # type: ignore[arg-type]


@_row
def _programme_unknown(town: Town) -> Document:
    return town.pay(town.wallet(5), town.wallet(), 5, spend="no-such")


@_row
def _programme_suspended(town: Town) -> Document:
    works = town.programme()
    town.change_programme(works.mark, suspended=True)
    return town.fund(works, 5)


@_row
def _programme_over(town: Town) -> Document:
    return town.fund(town.programme(ends_us=START_US), 5)


@_row
def _programme_rule(town: Town) -> Document:
    works, builder = town.programme(route("payer.is_funder", arrival="keep")), town.wallet()
    town.grant(works, builder, 5)
    return town.pay(builder, town.wallet(), 5)


@_row
def _programme_budget(town: Town) -> Document:
    return town.fund(town.programme(budget=4), 5)


ROWS |= CONTRACT_ROWS | REWARD_ROWS
ROWS |= CONTRACT_ROWS
ROWS |= VAT_ROWS


@_row
def _topup_mismatch(town: Town) -> Document:
    return replace(_topup(town), asset="KZT", amount=501)


@_row
def _not_allowed_for_kind(town: Town) -> Document:
    frame = {"id": town.next_id(), "wallet": town.wallet(), "until_us": START_US}
    return Rehome(**frame, bank="altyn-bank")  # type: ignore[arg-type]

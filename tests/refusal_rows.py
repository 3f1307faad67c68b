# SPDX-License-Identifier: Apache-2.0
"""For each refusal, in order of precedence, a ledger and the order that meets it.

A row takes a fresh `World`, prepares it, and returns the order to be refused; `ROWS` has one
a refusal, named like it.
"""

from collections.abc import Callable

from kerege.ledger.account import MAX_AMOUNT, Role, Status
from kerege.ledger.ids import MAX_ACCOUNT_ID, MAX_MARK, AccountId, OrderId
from kerege.ledger.order import (
    MAX_CODE,
    MAX_EVIDENCE_BYTES,
    MAX_HOLD_S,
    MAX_OWNER_CHARACTERS,
    MAX_STEPS,
    CloseAccount,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetLimits,
    SetStatus,
    Terms,
    Transfer,
)
from kerege.ledger.refusal import Refusal
from tests.ledgers import START_US, World, move, order_id, resolve

__all__ = ["ROWS", "Row"]

Row = Callable[[World], Order]
ROWS: dict[Refusal, Row] = {}


def _row(row: Row) -> Row:
    ROWS[Refusal[row.__name__.upper().lstrip("_")]] = row
    return row


def _pair(world: World, amount: int = 100) -> tuple[AccountId, AccountId]:
    return world.holder(amount), world.holder()


@_row
def _order_id_invalid(world: World) -> Order:
    return Order(OrderId(bytes(16)), (move(1, 2, 5),))


@_row
def _steps_missing(world: World) -> Order:
    return world.order()


@_row
def _too_many_steps(world: World) -> Order:
    a, b = _pair(world)
    return world.order(*[move(a, b, 1)] * (MAX_STEPS + 1))


@_row
def _evidence_too_large(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1), evidence=bytes(MAX_EVIDENCE_BYTES + 1))


@_row
def _evidence_invalid(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1), evidence=None)  # type: ignore[arg-type]


@_row
def _terms_invalid(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1), terms=Terms(valid_from_us=9, valid_until_us=8))


@_row
def _account_id_invalid(world: World) -> Order:
    return world.order(move(MAX_ACCOUNT_ID + 1, 1, 5))


@_row
def _mark_invalid(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1, MAX_MARK + 1))


@_row
def _code_invalid(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1, code=MAX_CODE + 1))


@_row
def _kind_not_allowed(world: World) -> Order:
    a, b = _pair(world)
    reserved, ref = world.reserve(a, b, 10)
    return world.order(resolve(reserved, ref, Kind.EXPIRE))


@_row
def _amount_must_be_positive(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 0))


@_row
def _amount_too_large(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, MAX_AMOUNT + 1))


@_row
def _accounts_must_differ(world: World) -> Order:
    a, _ = _pair(world)
    return world.order(move(a, a, 1))


@_row
def _timeout_invalid(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1, kind=Kind.PENDING, timeout_s=MAX_HOLD_S + 1))


@_row
def _pending_reference_invalid(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1, kind=Kind.CAPTURE))


@_row
def _asset_invalid(world: World) -> Order:
    return world.order(DeclareAsset("kzt", 2))


@_row
def _owner_invalid(world: World) -> Order:
    return world.order(OpenAccount("KZT", Role.HOLDER, "x" * (MAX_OWNER_CHARACTERS + 1)))


@_row
def _role_invalid(world: World) -> Order:
    return world.order(OpenAccount("KZT", 7, "owner"))  # type: ignore[arg-type]


@_row
def _limits_invalid(world: World) -> Order:
    return world.order(OpenAccount("KZT", Role.HOLDER, "owner", floor=1))


@_row
def _status_invalid(world: World) -> Order:
    return world.order(SetStatus(AccountId(1), Status.CLOSED))


@_row
def _id_has_other_content(world: World) -> Order:
    a, b = _pair(world)
    first = world.must(move(a, b, 1))
    return Order(first.order_id, (move(a, b, 2),))


@_row
def _not_yet_valid(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1), terms=Terms(valid_from_us=START_US + 1))


@_row
def _expired(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1), terms=Terms(valid_until_us=START_US - 1))


@_row
def _balance_not_as_expected(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1), terms=Terms(expects=(Expectation(a, balance=99),)))


@_row
def _version_not_as_expected(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 1), terms=Terms(expects=(Expectation(a, version=7),)))


@_row
def _asset_exists(world: World) -> Order:
    return world.order(DeclareAsset("KZT", 2))


@_row
def _asset_unknown(world: World) -> Order:
    return world.order(OpenAccount("XAU-G", Role.HOLDER, "owner"))


@_row
def _debit_account_unknown(world: World) -> Order:
    return world.order(move(999, 1, 1))


@_row
def _credit_account_unknown(world: World) -> Order:
    return world.order(move(1, 999, 1))


def _closed(world: World) -> AccountId:
    account = world.holder()
    world.must(CloseAccount(account))
    return account


@_row
def _debit_account_closed(world: World) -> Order:
    return world.order(move(_closed(world), 1, 1))


@_row
def _credit_account_closed(world: World) -> Order:
    return world.order(move(1, _closed(world), 1))


@_row
def _debits_frozen(world: World) -> Order:
    a, b = _pair(world)
    world.freeze(a, Status.DEBITS_FROZEN)
    return world.order(move(a, b, 1))


@_row
def _credits_frozen(world: World) -> Order:
    a, b = _pair(world)
    world.freeze(b, Status.CREDITS_FROZEN)
    return world.order(move(a, b, 1))


@_row
def _assets_must_match(world: World) -> Order:
    a, _ = _pair(world)
    world.must(DeclareAsset("XAU-G", 4))
    return world.order(move(a, world.open(Role.HOLDER, asset="XAU-G"), 1))


@_row
def _pending_not_found(world: World) -> Order:
    a, b = _pair(world)
    absent = PendingRef(order_id(10**6))
    return world.order(move(a, b, 1, kind=Kind.CAPTURE, pending=absent))


@_row
def _pending_is_of_other_accounts(world: World) -> Order:
    a, b = _pair(world)
    _, ref = world.reserve(a, b, 10)
    return world.order(move(a, world.holder(), 10, kind=Kind.CAPTURE, pending=ref))


def _resolved(world: World, kind: Kind, amount: int) -> tuple[Transfer, PendingRef]:
    a, b = _pair(world)
    reserved, ref = world.reserve(a, b, 10)
    world.must(resolve(reserved, ref, kind, amount))
    return reserved, ref


@_row
def _pending_already_captured(world: World) -> Order:
    return world.order(resolve(*_resolved(world, Kind.CAPTURE, 10), Kind.CAPTURE, 10))


@_row
def _pending_already_voided(world: World) -> Order:
    return world.order(resolve(*_resolved(world, Kind.VOID, 0), Kind.CAPTURE, 10))


@_row
def _pending_expired(world: World) -> Order:
    a, b = _pair(world)
    reserved, ref = world.reserve(a, b, 10, timeout_s=1)
    world.clock.advance_us(1_000_000)
    world.ledger.expire()
    return world.order(resolve(reserved, ref, Kind.CAPTURE, 10))


@_row
def _exceeds_pending(world: World) -> Order:
    a, b = _pair(world)
    return world.order(resolve(*world.reserve(a, b, 10), Kind.CAPTURE, 11))


@_row
def _exceeds_balance(world: World) -> Order:
    a, b = _pair(world)
    return world.order(move(a, b, 101))


@_row
def _exceeds_ceiling(world: World) -> Order:
    a = world.holder(100)
    return world.order(move(a, world.holder(ceiling=50), 51))


@_row
def _balance_overflow(world: World) -> Order:
    everyone = world.collector()
    for _ in range(4):
        world.must(move(1, everyone, MAX_AMOUNT))
    return world.order(move(1, everyone, 5))


@_row
def _account_unknown(world: World) -> Order:
    return world.order(CloseAccount(AccountId(999)))


@_row
def _account_closed(world: World) -> Order:
    return world.order(SetStatus(_closed(world), Status.OPEN))


@_row
def _account_not_empty(world: World) -> Order:
    return world.order(CloseAccount(world.holder(1)))


@_row
def _limits_unsuitable(world: World) -> Order:
    return world.order(SetLimits(world.collector(), 0, 100))


@_row
def _floor_above_balance(world: World) -> Order:
    a, b = world.holder(floor=-100), world.holder()
    world.must(move(a, b, 40))
    return world.order(SetLimits(a, -39, None))


@_row
def _ceiling_below_holding(world: World) -> Order:
    return world.order(SetLimits(world.holder(100), 0, 99))


@_row
def _too_many_accounts(world: World) -> Order:
    world.store._books.next_account = MAX_ACCOUNT_ID + 1
    return world.order(OpenAccount("KZT", Role.HOLDER, "owner"))

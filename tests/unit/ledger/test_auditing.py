# SPDX-License-Identifier: Apache-2.0
"""An attacker who knows the format changes history and signs it anew: the audit says where."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from kerege.ledger.account import Role, Status
from kerege.ledger.auditing import audit
from kerege.ledger.encoding import decode_order, encode_order
from kerege.ledger.errors import ExportFault
from kerege.ledger.export_reading import ExportedCell, read_export
from kerege.ledger.order import (
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    SetStatus,
    Step,
    Terms,
    Transfer,
)
from tests.exports import audit_bytes, export_of, line_of, lines_of, make_busy, signed
from tests.ledgers import World, move, order_id

Facts = list[Any]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The export of a ledger in which one of everything happened."""
    world = World(tmp_path_factory.mktemp("ledger") / "ledger")
    make_busy(world)
    found = export_of(world.store)
    world.ledger.close()
    return found


def facts_of(export: bytes) -> Facts:
    """Header and facts as Python values, without the end."""
    return [json.loads(line) for line in lines_of(export)[:-1]]


def renumbered(facts: Facts) -> bytes:
    """Facts as an export, with leaves, batch sizes and checksum that fit them."""
    leaf = 0
    kept: Facts = []
    for fact in facts:
        if fact[0] == "b" if isinstance(fact, list) else False:
            kept.append([*fact[:3], leaf, 0])
        else:
            kept.append(fact)
        if isinstance(fact, list) and fact[0] == "o":
            batch = next(f for f in reversed(kept) if f[0] == "b")
            batch[4] += 1
            leaf += 1
    kept = [f for f in kept if isinstance(f, dict) or f[0] != "b" or f[4]]
    kept[0] = {**kept[0], "leaves": leaf}
    return signed(line_of(fact) for fact in kept)


def fault_of(export: bytes) -> ExportFault:
    """The fault an audit finds; it must be an `ExportFault` with a place."""
    with pytest.raises(ExportFault) as caught:
        audit_bytes(export)
    assert caught.value.place
    return caught.value


def order_of(fact: Facts) -> Order:
    return decode_order(bytes.fromhex(fact[1]))


def rewritten(fact: Facts, order: Order) -> Facts:
    """An order's line with another order in it, results and salt as they were."""
    return [fact[0], encode_order(order).hex(), *fact[2:]]


def transfers(export: bytes, kind: Kind = Kind.POST) -> list[int]:
    """Lines, counted from 0, of orders without evidence that begin with a transfer of `kind`."""
    found = []
    for place, fact in enumerate(facts_of(export)):
        if isinstance(fact, list) and fact[0] == "o" and not fact[4]:
            step = order_of(fact).steps[0]
            if isinstance(step, Transfer) and step.kind is kind:
                found.append(place)
    return found


def cells(export: bytes) -> list[int]:
    return [n for n, f in enumerate(facts_of(export)) if isinstance(f, list) and f[0] == "c"]


def test_an_honest_export_is_found_true(export: bytes) -> None:
    report = audit_bytes(export)
    facts = facts_of(export)
    assert report.orders == facts[0]["leaves"]
    assert report.cells == len(cells(export))
    tenge, gold = report.totals
    assert (tenge.asset, tenge.scale, tenge.in_circulation, tenge.held) == (
        "KZT",
        2,
        92_000,
        92_000,
    )
    assert (gold.asset, gold.scale, gold.in_circulation, gold.held) == ("XAU-G", 4, 0, 0)
    assert renumbered(facts) == export


def test_a_ledger_in_which_nothing_happened_is_found_true() -> None:
    report = audit_bytes(
        signed([line_of({"format": "kerege-ledger-export", "version": 1, "leaves": 0})])
    )
    assert (report.orders, report.cells, report.totals) == (0, 0, ())


def test_an_amount_changed_in_any_order(export: bytes) -> None:
    for place in transfers(export)[::4]:
        facts = facts_of(export)
        order = order_of(facts[place])
        step = order.steps[0]
        assert isinstance(step, Transfer)
        more = replace(step, amount=step.amount + 1)
        facts[place] = rewritten(facts[place], replace(order, steps=(more, *order.steps[1:])))
        assert "order" in str(fault_of(renumbered(facts)))
        # The result changed along with it: then the balances tell.
        facts[place][2][0] += 1
        fault_of(renumbered(facts))


def test_amount_result_and_balances_changed_together_still_need_the_money(export: bytes) -> None:
    """A consistent lie about everything is another history: only the log's root tells. But it
    must obey the rules: nobody can have paid what was not there."""
    facts = facts_of(export)
    place = transfers(export)[2]
    order = order_of(facts[place])
    step = order.steps[0]
    assert isinstance(step, Transfer)
    more = replace(step, amount=10**15)
    facts[place] = rewritten(facts[place], replace(order, steps=(more, *order.steps[1:])))
    facts[place][2][0] = 10**15
    assert "EXCEEDS_BALANCE" in str(fault_of(renumbered(facts)))


def test_a_result_changed_in_an_order_of_each_kind(export: bytes) -> None:
    for place in orders_by_kind(export).values():
        honest = facts_of(export)[place][2]
        for results in ([honest[0] + 1, *honest[1:]], [*honest, 0], honest[1:]):
            facts = facts_of(export)
            facts[place][2] = results
            fault_of(renumbered(facts))


def test_any_figure_of_any_balance_changed(export: bytes) -> None:
    for place in cells(export):
        for figure in range(1, 7):
            facts = facts_of(export)
            facts[place][figure] += 1
            assert fault_of(renumbered(facts)).place.startswith(("line", "the balances"))


def test_balances_left_out_doubled_invented_or_put_for_others(export: bytes) -> None:
    first, second = cells(export)[:2]
    facts = facts_of(export)
    fault_of(renumbered(facts[:first] + facts[first + 1 :]))
    fault_of(renumbered(facts[: first + 1] + facts[first:]))
    fault_of(renumbered([*facts, ["c", 99, 0, 0, 0, 0, 0]]))
    fault_of(renumbered([*facts, ["c", 2**40, 0, 0, 0, 0, 0]]))
    fault_of(renumbered([*facts, ["c", 1, 2**40, 0, 0, 0, 0]]))
    fault_of(renumbered([*facts, ["c", 0, 0, 0, 0, 0, 0]]))
    fault = fault_of(renumbered([*facts[:second], facts[first], *facts[second + 1 :]]))
    assert fault.place == f"line {second + 1}"


def test_an_order_that_moved_money_dropped_and_the_rest_renumbered(export: bytes) -> None:
    """A freeze or new limits that nothing ran into could be missing: the log's root tells."""
    for place in [place for kind in Kind for place in transfers(export, kind)]:
        facts = facts_of(export)
        del facts[place]
        fault_of(renumbered(facts))


def test_an_order_told_twice(export: bytes) -> None:
    for place in orders_by_kind(export).values():
        facts = facts_of(export)
        facts.insert(place, facts[place])
        fault_of(renumbered(facts))


def with_batch(
    export: bytes, *orders: Order, results: Sequence[Sequence[int]], at_us: int = 0
) -> bytes:
    """The export with one more batch at the log's end."""
    facts = facts_of(export)
    batches = [n for n, f in enumerate(facts) if isinstance(f, list) and f[0] == "b"]
    last = facts[batches[-1]]
    ends = [n for n, f in enumerate(facts) if isinstance(f, list) and f[0] in "rc"]
    more: Facts = [["b", last[1] + 1, at_us or last[2], 0, 0]]
    more += [
        ["o", encode_order(order).hex(), list(result), "00" * 16, ""]
        for order, result in zip(orders, results, strict=True)
    ]
    return renumbered(facts[: ends[0]] + more + facts[ends[0] :])


def step_of(*steps: Step, number: int = 9_999, terms: Terms | None = None) -> Order:
    return Order(order_id(number), steps, terms or Terms())


PAY = move(4, 2, 1)


@pytest.mark.parametrize(
    ("order", "results", "why"),
    [
        (step_of(move(4, 5, 50_000)), [50_000], "EXCEEDS_BALANCE"),
        (step_of(move(2, 4, 40_000)), [40_000], "EXCEEDS_CEILING"),
        (step_of(move(99, 4, 1)), [1], "DEBIT_ACCOUNT_UNKNOWN"),
        (step_of(move(2**63 + 5, 4, 1)), [1], "ACCOUNT_ID_INVALID"),
        (step_of(move(2**62, 2**62 + 1, 1)), [1], "ACCOUNT_ID_INVALID"),
        (step_of(move(4, 2, 0)), [0], "AMOUNT_MUST_BE_POSITIVE"),
        (step_of(move(4, 2, 2**63)), [1], "AMOUNT_TOO_LARGE"),
        (step_of(move(4, 2, 2**64 - 1)), [1], "AMOUNT_TOO_LARGE"),
        (step_of(move(1, 2, 10**18)), [10**18], "AMOUNT_TOO_LARGE"),
        (step_of(move(4, 4, 1)), [1], "ACCOUNTS_MUST_DIFFER"),
        (step_of(move(4, 2, 1, 2**32 - 1)), [1], "MARK_INVALID"),
        (step_of(move(4, 2, 1, code=2**32 - 1)), [1], "CODE_INVALID"),
        (step_of(), [], "STEPS_MISSING"),
        (step_of(PAY, terms=Terms(valid_until_us=1)), [1], "EXPIRED"),
        (step_of(PAY, terms=Terms(valid_from_us=2**61)), [1], "NOT_YET_VALID"),
        (step_of(PAY, terms=Terms(valid_from_us=2**64 - 1)), [1], "TERMS_INVALID"),
        (
            step_of(PAY, terms=Terms(expects=(Expectation(PAY.debit, balance=1),))),
            [1],
            "BALANCE_NOT_AS_EXPECTED",
        ),
        (step_of(OpenAccount("ABC", Role.HOLDER, "o")), [6], "ASSET_UNKNOWN"),
        (step_of(OpenAccount("KZT", Role.HOLDER, "o", floor=None)), [6], "LIMITS_INVALID"),
        (step_of(OpenAccount("KZT", Role.HOLDER, "o o")), [6], "OWNER_INVALID"),
        (step_of(DeclareAsset("kzt", 2)), [2], "ASSET_INVALID"),
        (step_of(DeclareAsset("ABC", 255)), [255], "ASSET_INVALID"),
        (step_of(SetStatus(PAY.debit, Status(200))), [4], "STATUS_INVALID"),
        (Order(order_id(0), (PAY,)), [1], "ORDER_ID_INVALID"),
    ],
)
def test_an_invented_order_that_breaks_a_rule(
    export: bytes, order: Order, results: list[int], why: str
) -> None:
    assert why in str(fault_of(with_batch(export, order, results=[results])))


def test_the_same_among_many_plain_ones(export: bytes) -> None:
    """Where columns decide, too."""
    for bad in (move(4, 5, 50_000), move(99, 4, 1), move(2**63 + 5, 4, 1), move(1, 2, 10**18)):
        orders = [step_of(move(1, 4, 1), number=5_000 + n) for n in range(60)]
        orders[30] = step_of(bad)
        fault = fault_of(with_batch(export, *orders, results=[[o.steps[0].amount] for o in orders]))  # type: ignore[union-attr]
        assert "order 30" in str(fault)


def test_money_invented_by_an_honest_looking_order(export: bytes) -> None:
    assert fault_of(with_batch(export, step_of(move(1, 2, 5)), results=[[5]])).place.startswith(
        "line"
    )


def test_an_id_used_twice(export: bytes) -> None:
    """In another batch, in the same one, and for what was refused before."""
    used = order_id(7)
    fault = fault_of(with_batch(export, Order(used, (PAY,)), results=[[1]]))
    fault_of(with_batch(export, step_of(PAY), step_of(PAY), results=[[1], [1]]))
    assert fault.place
    facts = facts_of(export)
    refused = next(n for n, f in enumerate(facts) if isinstance(f, list) and f[0] == "r")
    facts[refused][1] = used.hex()
    fault = fault_of(renumbered(facts))
    assert fault.place == "ord_" + used.hex()


def test_expiries_other_than_the_ledger_makes_them(export: bytes) -> None:
    """A pending transfer released before its time, in another form, or again."""
    (place,) = transfers(export, Kind.EXPIRE)
    assert [o.steps[0].kind for o in [order_of(facts_of(export)[place])]] == [Kind.EXPIRE]  # type: ignore[union-attr]
    order = order_of(facts_of(export)[place])
    step = order.steps[0]
    assert isinstance(step, Transfer)
    forms = [
        replace(order, id=order_id(8_000)),
        replace(order, steps=(replace(step, amount=700),)),
        replace(order, steps=(replace(step, code=1),)),
        replace(order, steps=(replace(step, timeout_s=1),)),
        replace(order, steps=(replace(step, debit=step.credit, credit=step.debit),)),
        replace(order, terms=Terms(valid_until_us=2**61)),
        replace(order, steps=(step, step)),
        replace(order, steps=(replace(step, kind=Kind.VOID),)),
    ]
    for form in forms:
        facts = facts_of(export)
        facts[place] = rewritten(facts[place], form)
        fault_of(renumbered(facts))
    facts = facts_of(export)
    facts[place - 1][2] -= 2_000_000
    assert "NOT_YET_VALID" in str(fault_of(renumbered(facts)))
    assert "no expiry" in str(fault_of(with_batch(export, order, results=[[700]])))
    mixed = with_batch(export, order, step_of(PAY), results=[[700], [1]])
    assert "ORDER_ID_INVALID" in str(fault_of(mixed))


def test_evidence_changed_dropped_or_added(export: bytes) -> None:
    facts = facts_of(export)
    place = next(n for n, f in enumerate(facts) if isinstance(f, list) and f[0] == "o" and f[4])
    for evidence in ("", "AAAA"):
        facts = facts_of(export)
        facts[place][4] = evidence
        assert "evidence" in str(fault_of(renumbered(facts)))
    for plain in transfers(export)[::9]:
        facts = facts_of(export)
        facts[plain][4] = "AAAA"
        fault_of(renumbered(facts))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: b"",
        lambda body: body[:-1],
        lambda body: body + b"\0",
        lambda body: body[:89],
        lambda body: body[:15],
        lambda body: b"K" + body[1:],
        lambda body: body[:84] + b"\x08" + body[85:],
        lambda body: body[:84] + b"\xff" + body[85:],
        lambda body: body[:82] + b"\xff\xff" + body[84:],
        lambda body: body[:80] + b"\xff\xff" + body[82:],
        lambda body: b"\0" * len(body),
        lambda body: b"\xff" * len(body),
    ],
)
def test_order_bytes_that_are_none(export: bytes, spoil: Callable[[bytes], bytes]) -> None:
    for place in orders_by_kind(export).values():
        facts = facts_of(export)
        facts[place][1] = spoil(bytes.fromhex(facts[place][1])).hex()
        assert fault_of(renumbered(facts)).place.startswith("batch of line")


def orders_by_kind(export: bytes) -> dict[tuple[object, ...], int]:
    """A line, counted from 0, with an order of each combination of steps."""
    found: dict[tuple[object, ...], int] = {}
    for place, fact in enumerate(facts_of(export)):
        if isinstance(fact, list) and fact[0] == "o" and not fact[4]:
            steps = order_of(fact).steps
            found.setdefault(tuple(getattr(step, "kind", type(step)) for step in steps), place)
    return found


def faultless(export: bytes) -> bool:
    try:
        audit_bytes(export)
    except ExportFault:
        return False
    return True


def test_bits_of_an_order_of_each_kind(export: bytes) -> None:
    """Bits of an order's own bytes, under a right checksum: the rules, the results or the
    balances tell. What nothing later depends on (an id, a code, a term, a limit nobody reached,
    the most that POST_UP_TO might have moved) is for the log's root to tell."""
    chance, silent = random.Random(3), set()
    kinds = orders_by_kind(export)
    assert len(kinds) > 8
    for place in kinds.values():
        facts = facts_of(export)
        body = bytes.fromhex(facts[place][1])
        for _ in range(12):
            broken = bytearray(body)
            broken[chance.randrange(16, len(body))] ^= 1 << chance.randrange(8)
            facts[place][1] = broken.hex()
            if faultless(renumbered(facts)):
                silent |= changed_fields(decode_order(body), decode_order(bytes(broken)))
    of_terms = {"id", "terms", "code", "timeout_s"}
    of_accounts = {"owner", "ceiling", "floor", "asset", "scale", "role", "status"}
    assert silent <= of_terms | of_accounts | {"amount of POST_UP_TO"}


def changed_fields(order: Order, other: Order) -> set[str]:
    """Names of the fields in which two orders differ."""
    found = {name for name in ("id", "terms") if getattr(order, name) != getattr(other, name)}
    for step, changed in zip(order.steps, other.steps, strict=True):
        names = step.__struct_fields__
        differing = {n for n in names if getattr(step, n, None) != getattr(changed, n, None)}
        if getattr(step, "kind", None) is Kind.POST_UP_TO and "amount" in differing:
            differing = differing - {"amount"} | {"amount of POST_UP_TO"}
        found |= differing
    return found


def test_a_batch_at_another_time_moves_deadlines(export: bytes) -> None:
    """Times alone books cannot check: only what depends on them."""
    facts = facts_of(export)
    pending = transfers(export, Kind.PENDING)[1]
    batch = max(
        n for n in range(pending) if facts[n] and isinstance(facts[n], list) and facts[n][0] == "b"
    )
    facts[batch][2] += 10**13
    fault_of(renumbered(facts))


def test_other_batch_numbers_do_not_fit_the_ids_of_expiries(export: bytes) -> None:
    facts = facts_of(export)
    for place, number in zip(
        (n for n, f in enumerate(facts) if isinstance(f, list) and f[0] == "b"),
        range(2**48 - 100, 2**48),
        strict=False,
    ):
        facts[place][1] = number
    assert "no expiry" in str(fault_of(renumbered(facts)))


def test_facts_without_a_reader_are_checked_too(export: bytes) -> None:
    facts = list(read_export(lines_of(export)))
    with pytest.raises(ExportFault):
        audit([fact for fact in facts if isinstance(fact, ExportedCell)])
    with pytest.raises(ExportFault):
        audit([fact for fact in facts if not isinstance(fact, ExportedCell)])

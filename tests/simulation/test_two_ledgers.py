# SPDX-License-Identifier: Apache-2.0
"""Some seeds of the simulation of two ledgers; planted mistakes are found by it."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from kerege.bank import delivery, incoming, waterfall
from kerege.bank.delivery import Delivery
from kerege.bank.finality import Finality
from tests.simulation.two_ledgers import TwoLedgers, simulate

STEPS = 40
SEEDS_TO_FIND = 40


@pytest.mark.parametrize("seed", range(1, 25))
def test_both_ledgers_agree_after_every_trouble(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert simulate(seed, STEPS) == 0, capsys.readouterr().out


def test_a_seed_gives_the_same_run_twice() -> None:
    assert counts_of(5) == counts_of(5)


def counts_of(seed: int) -> object:
    world = TwoLedgers(seed)
    try:
        for _ in range(STEPS):
            world.step()
        world.finish()
        return world.counts
    finally:
        world.close()


def all_is_final(*_: object, **__: object) -> Finality:
    return Finality.FINAL


def nothing_given_back(*_: object) -> Iterator[Any]:
    return iter(())


def the_refusal_is_believed(
    self: Delivery, sending: Any, answer: Any, finality: Finality
) -> delivery.Decided | None:
    if finality is Finality.FINAL_IF_ALONE:
        return delivery.Decided(sending, answer, sending.tries)
    return None


def another_id_each_time(credit: Any, **accounts: Any) -> Any:
    """An id that does not follow from the event: a page that is read twice credits twice."""
    another_id_each_time.calls += 1  # type: ignore[attr-defined]
    odd = replace(
        credit,
        part=f"{credit.part}:{another_id_each_time.calls}",  # type: ignore[attr-defined]
    )
    return waterfall.credit_order(odd, **accounts)


another_id_each_time.calls = 0  # type: ignore[attr-defined]

MISTAKES: dict[str, tuple[Any, str, Any]] = {
    "every refusal taken for final": (delivery, "finality_of", all_is_final),
    "a refused repeat believed": (Delivery, "_judge_refused", the_refusal_is_believed),
    "limits not given back": (delivery, "give_back_orders", nothing_given_back),
    "deposits not captured": (delivery, "capture_orders", nothing_given_back),
    "events credited each time": (incoming, "credit_order", another_id_each_time),
}

FIRST_SEEDS = {
    "every refusal taken for final": 16,
    "a refused repeat believed": 18,
    "events credited each time": 3,
}
"""Where a mistake shows soon; it is looked for from there on, should a seed mean another run."""


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, wrong = MISTAKES[mistake]
    monkeypatch.setattr(where, name, wrong)
    first = FIRST_SEEDS.get(mistake, 1)
    assert any(simulate(seed, 80) for seed in range(first, first + SEEDS_TO_FIND))

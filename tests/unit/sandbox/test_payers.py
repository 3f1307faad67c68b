# SPDX-License-Identifier: Apache-2.0
import itertools
from collections import Counter
from random import Random
from typing import Any

import msgspec
import pytest

from kerege.keys import RootSecret, parse_compact
from kerege.payments import Capture, Hold, Mandate, Pay, Pull, Refund, decode_document
from kerege.runtime import IdMaker, ManualClock, SeededRandomness
from kerege.sandbox.customer_line import CustomerLine
from kerege.sandbox.inhabitant import Inhabitant
from kerege.sandbox.inhabitants import populate
from kerege.sandbox.lane import Answer, Lane
from kerege.sandbox.loading import Shot
from kerege.sandbox.made_up_keys import MadeUpKeys
from kerege.sandbox.payers import MalformedMix, parse_mix, settled, shots
from kerege.sandbox.profile_reading import load_profile

ACCEPTED = Answer(200, {}, b'{"verdict": {"order": "o", "code": "accepted"}}')


@pytest.mark.parametrize(
    ("text", "mix"),
    [
        ("pay", {"pay": 1}),
        ("pay:3,refund", {"pay": 3, "refund": 1}),
        (" pay:0 , poor:2", {"pay": 0, "poor": 2}),
        ("pay:99999999999", {"pay": 1000}),
    ],
)
def test_a_mix_is_kinds_with_weights(text: str, mix: dict[str, int]) -> None:
    assert parse_mix(text) == mix


@pytest.mark.parametrize("text", ["", "gift:1", "pay:x", "pay:-1", "pay:1,pay:2", "pay:٣", "pay:0"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(MalformedMix):
        parse_mix(text)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (ACCEPTED, "accepted"),
        (Answer(200, {}, b'{"verdict": {"order": "o", "code": "sent"}}'), ""),
        (Answer(202, {}, b"{}"), ""),
        (Answer(503, {}, b""), ""),
        (Answer(429, {}, b""), ""),
        (Answer(403, {}, b'{"code": "not_allowed"}'), "problem not_allowed"),
        (Answer(400, {}, b"not JSON"), "unreadable answer 400"),
        (Answer(200, {}, b"[]"), "unreadable answer 200"),
    ],
)
def test_an_answer_is_an_outcome_or_none(answer: Answer, meaning: str) -> None:
    assert settled(answer) == meaning


def inhabitants() -> tuple[list[Inhabitant], list[Inhabitant]]:
    clock, randomness = ManualClock(1_800_000_000_000_000), SeededRandomness(1)
    keys, ids = MadeUpKeys(RootSecret(bytes(32))), IdMaker(clock, randomness)
    population = populate(load_profile("kz"), people=4, seed=1)

    async def no_code(_phone: str) -> str:
        raise AssertionError("nobody signs in here")

    def made(who: Any) -> Inhabitant:
        lane = Lane("http://127.0.0.1:9")
        line = CustomerLine(
            lane, phone=who.phone, language="ru", code_for=no_code, randomness=randomness
        )
        return Inhabitant(who, line, asset="KZT", keys=keys, clock=clock, ids=ids)

    return [made(who) for who in population.people], [made(who) for who in population.shops]


def document(shot: Shot) -> Any:
    return decode_document(parse_compact(msgspec.json.decode(shot.body)["order"].encode()).payload)


def test_shots_follow_the_mix_and_refund_what_was_bought() -> None:
    people, shops = inhabitants()
    everyone = [*people, *shops]
    stream = shots(
        people,
        shops,
        headers={one.who.key: {"authorization": one.who.key} for one in everyone},
        urls={one.who.bank: (f"http://{one.who.bank}",) for one in everyone},
        mix={"pay": 2, "refund": 1, "poor": 1},
        chance=Random(1),
    )
    bought: set[str] = set()
    kinds: Counter[str] = Counter()
    for shot in itertools.islice(stream, 400):
        kinds[shot.kind] += 1
        signed = document(shot)
        if isinstance(signed, Refund):
            assert signed.order in bought
            bought.remove(signed.order)
        else:
            assert isinstance(signed, Pay)
            assert (signed.legs[0].amount > 10**12) == (shot.kind == "poor")
        if shot.kind == "pay":
            assert shot.settled(ACCEPTED) == "accepted"
            bought.add(signed.id)
    assert kinds["pay"] > kinds["refund"] > 50
    assert kinds["poor"] > 50


def test_what_comes_second_waits_for_what_comes_first() -> None:
    """No capture without an accepted hold, no pull without an accepted mandate."""
    people, shops = inhabitants()
    everyone = [*people, *shops]
    stream = shots(
        people,
        shops,
        headers={one.who.key: {} for one in everyone},
        urls={one.who.bank: ("http://x",) for one in everyone},
        mix={"hold": 1, "mandate": 1, "request": 1},
        chance=Random(1),
    )
    held: set[str] = set()
    granted: set[str] = set()
    kinds: Counter[str] = Counter()
    for number, shot in enumerate(itertools.islice(stream, 400)):
        kinds[shot.kind] += 1
        signed = document(shot)
        if isinstance(signed, Capture):
            held.remove(signed.holds[0])
        if isinstance(signed, Pull):
            assert signed.mandate in granted
        if isinstance(signed, Pay):
            assert signed.request.count(".") == 2
        if number % 5:
            shot.settled(ACCEPTED)
            held |= {signed.id} if isinstance(signed, Hold) else set()
            granted |= {signed.id} if isinstance(signed, Mandate) else set()
    assert set(kinds) == {"hold", "capture", "mandate", "pull", "request"}
    assert kinds["hold"] >= kinds["capture"] > 30
    assert kinds["pull"] > kinds["mandate"]

# SPDX-License-Identifier: Apache-2.0
"""Deliveries are made once a notice, tried again ever more rarely, given up after a day."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kerege.bank.webhook_sending import DeliveryFailed, HookSender
from kerege.bank.webhooks import (
    BACKOFF_S,
    MAX_WAITING,
    MAX_WEBHOOKS,
    Dispatcher,
    TooManyWebhooks,
    Webhooks,
    backoff_us,
)
from kerege.keys import Algorithm, PrivateKey
from kerege.wallet import Notice
from tests.desks import Desk


class Post(HookSender):
    """A sender that keeps what it sends; `failing` addresses take nothing."""

    def __init__(self, desk: Desk) -> None:
        key = PrivateKey(Algorithm.ED25519, bytes(32))
        super().__init__(key, "altyn-bank", desk.clock, desk.house.randomness)
        self.sent: list[tuple[str, Notice, str]] = []
        self.failing: set[str] = set()

    async def send(self, url: str, body: bytes, *, event_id: str) -> None:
        """Keep it, or fail."""
        if url in self.failing:
            raise DeliveryFailed("answered: 500")
        self.sent.append((url, msgspec.json.decode(body, type=Notice), event_id))


class Office:
    """Webhooks of one customer's, and their dispatcher."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.customer = self.desk.customer()
        self.wallet = self.desk.wallet(self.customer)
        self.hooks = Webhooks(
            self.desk.tables, self.desk.clock, self.desk.house.ids, ring=lambda: None
        )
        self.post = Post(self.desk)
        self.dispatcher = Dispatcher(self.desk.tables, self.post, self.desk.clock)
        self._told = 0

    def tell(self, kind: str = "moved") -> None:
        self._told += 1
        self.desk.tell(self.wallet, key=str(self._told), change=self._told, kind=kind)

    def step(self) -> int:
        return self.dispatcher.step()

    def changes(self) -> list[int]:
        return [notice.data["change"] for _, notice, _ in self.post.sent]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.desk.close()


def add(office: Office, path: str = "") -> str:
    return office.hooks.add(office.customer, f"https://shop.example/{path}").id


def test_what_happens_from_now_on_is_delivered_once(office: Office) -> None:
    office.tell()
    add(office)
    office.tell()
    office.tell()
    assert office.step() == 2
    assert office.step() == 0
    assert office.changes() == [2, 3]
    assert len({event for _, _, event in office.post.sent}) == 2


def test_only_the_kinds_asked_for(office: Office) -> None:
    office.hooks.add(office.customer, "https://shop.example/", ["deposited"])
    office.tell()
    office.tell("deposited")
    office.step()
    assert office.changes() == [2]


def test_failures_are_tried_again_and_then_given_up(office: Office) -> None:
    hook = add(office)
    office.post.failing.add("https://shop.example/")
    office.tell()
    tries = 0
    for _ in range(100):
        if office.hooks.dead(office.customer, hook):
            break
        tries += office.step()
        office.desk.clock.advance_us(24 * 3600 * 1_000_000)
    [dead] = office.hooks.dead(office.customer, hook) or []
    assert tries == dead.tries == len(BACKOFF_S) + 1
    assert dead.fault == "answered: 500"
    office.post.failing.clear()
    assert office.hooks.redeliver(office.customer, hook) == 1
    assert office.step() == 1
    assert office.changes() == [1]
    assert office.hooks.dead(office.customer, hook) == []


def test_one_that_fails_does_not_hold_up_others(office: Office) -> None:
    add(office, "broken")
    add(office, "fine")
    office.post.failing.add("https://shop.example/broken")
    office.tell()
    office.tell()
    office.step()
    assert office.changes() == [1, 2]


def test_a_full_webhook_waits_and_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kerege.bank.webhooks.MAX_WAITING", 2)
    add(office)
    office.post.failing.add("https://shop.example/")
    for _ in range(2):
        office.tell()
    office.step()
    for _ in range(3):
        office.tell()
    office.step()
    office.post.failing.clear()
    for _ in range(5):
        office.desk.clock.advance_us(3600 * 1_000_000)
        office.step()
    assert sorted(office.changes()) == [1, 2, 3, 4, 5]
    assert MAX_WAITING > 2


def test_a_delivery_cut_off_by_a_crash_is_tried_again(office: Office) -> None:
    add(office)
    office.tell()
    assert len(office.dispatcher._claim()) == 1
    assert office.step() == 0
    office.desk.clock.advance_us(61 * 1_000_000)
    assert office.step() == 1


def test_paused_webhooks_wait(office: Office) -> None:
    hook = add(office)
    assert office.hooks.pause(office.customer, hook, paused=True)
    office.tell()
    assert office.step() == 0
    assert office.hooks.pause(office.customer, hook, paused=False)
    assert office.step() == 1


def test_they_are_few_and_ones_own(office: Office) -> None:
    for _ in range(MAX_WEBHOOKS):
        hook = add(office)
    with pytest.raises(TooManyWebhooks):
        add(office)
    stranger = office.desk.customer()
    assert office.hooks.dead(stranger, hook) is None
    assert office.hooks.redeliver(stranger, hook) is None
    assert not office.hooks.pause(stranger, hook, paused=True)
    assert not office.hooks.remove(stranger, hook)
    assert office.hooks.remove(office.customer, hook)
    assert len(office.hooks.of(office.customer)) == MAX_WEBHOOKS - 1


def test_waits_grow() -> None:
    waits = [backoff_us(tries) for tries in range(1, 20)]
    assert waits == sorted(waits)
    assert waits[0] == 5_000_000

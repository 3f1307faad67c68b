# SPDX-License-Identifier: Apache-2.0
"""Cards bound, blocked and given up: by whom it concerns, and what a crash leaves does not pay."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.alias import AliasRefusal
from kerege.bank.aliases import CLAIMED_PER_DAY
from kerege.bank.card import CardState, CardUnfit
from kerege.bank.cards import Cards, ShownCard
from kerege.bank.core_line import CoreUnreachable
from kerege.bank.customer import CustomerId
from kerege.bank.ownership import NothingHere
from kerege.payments import WalletId
from kerege.payments.aliases import MalformedAlias
from tests.banks import House, Person, running_bank
from tests.cards import token, wallet_in_custody
from tests.unit.bank.http.test_guardians import child_of


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_bank(tmp_path_factory.mktemp("bank")) as made:
        yield made


@pytest.fixture
def aru(house: House, tmp_path: Path) -> Person:
    return house.person(tmp_path / "aru")


@pytest.fixture
def beket(house: House, tmp_path: Path) -> Person:
    return house.person(tmp_path / "beket", name="Бекет Сериков")


def cards(person: Person) -> Cards:
    return person.house.parts.cards


def me(person: Person) -> CustomerId:
    return CustomerId(person.view.customer)


def bound(person: Person, text: str, wallet: str) -> ShownCard:
    found = cards(person).bind(me(person), text, wallet)
    assert isinstance(found, ShownCard), found
    return found


def pays(person: Person, text: str) -> bool:
    tag = person.house.parts.aliases.card_tag(text)
    return cards(person).payable(tag) is not None


def test_a_card_is_bound_once(aru: Person) -> None:
    text, first, second = token(), wallet_in_custody(aru), wallet_in_custody(aru)
    one = bound(aru, text, first)
    assert one.shown == f"****{text[-4:]}"
    assert bound(aru, f"card:{text}", first).card == one.card
    assert bound(aru, text, second).card.wallet == second
    assert [each.card.id for each in cards(aru).listed(me(aru))] == [one.card.id]
    assert pays(aru, text)


def test_the_token_itself_is_kept_nowhere(house: House, aru: Person) -> None:
    text = token()
    bound(aru, text, wallet_in_custody(aru))
    files = list(Path(house.parts.settings.folder).rglob("*"))
    kept = b"".join(file.read_bytes() for file in files if file.is_file())
    assert aru.view.customer.encode() in kept
    assert text.encode() not in kept
    assert text.removeprefix("transit-").encode() not in kept


def test_only_a_wallet_in_custody_of_ones_own(aru: Person, beket: Person) -> None:
    mine, device = wallet_in_custody(aru), aru.wallet()
    with pytest.raises(CardUnfit) as caught:
        cards(aru).bind(me(aru), token(), device.id)
    assert caught.value.place == "wallet"
    with pytest.raises(NothingHere):
        cards(beket).bind(me(beket), token(), mine)
    with pytest.raises(MalformedAlias):
        cards(aru).bind(me(aru), "4111111111111111", mine)


def test_anothers_card_is_taken(aru: Person, beket: Person) -> None:
    text, wallet = token(), wallet_in_custody(beket)
    one = bound(aru, text, wallet_in_custody(aru))
    assert cards(beket).bind(me(beket), text, wallet) is AliasRefusal.TAKEN
    for act in (
        lambda: cards(beket).give_up(me(beket), one.card.id),
        lambda: cards(beket).set_state(me(beket), one.card.id, CardState.BLOCKED),
        lambda: cards(beket).give_up(me(beket), "crd_" + "0" * 32),
        lambda: cards(beket).give_up(me(beket), "x'--"),
    ):
        with pytest.raises(NothingHere):
            act()
    assert pays(aru, text)
    cards(aru).give_up(me(aru), one.card.id)
    assert not pays(aru, text)
    assert bound(beket, text, wallet).card.id != one.card.id


def test_a_blocked_card_stays_blocked_until_it_is_let_pay(aru: Person) -> None:
    text, wallet = token(), wallet_in_custody(aru)
    one = bound(aru, text, wallet)
    assert cards(aru).set_state(me(aru), one.card.id, CardState.BLOCKED).shown == one.shown
    assert not pays(aru, text)
    assert bound(aru, text, wallet).card.state is CardState.BLOCKED
    cards(aru).set_state(me(aru), one.card.id, CardState.ACTIVE)
    assert pays(aru, text)


def test_a_child_may_block_and_not_undo_it(aru: Person) -> None:
    child_of(aru)
    (ward,) = aru.bank.me().wards
    child = CustomerId(ward.customer)
    text, wallet = token(), wallet_in_custody(aru, owner=child)
    one = bound(aru, text, wallet)
    assert one.card.customer == child
    assert [each.card.id for each in cards(aru).listed(me(aru))] == [one.card.id]
    cards(aru).set_state(child, one.card.id, CardState.BLOCKED)
    for act in (
        lambda: cards(aru).set_state(child, one.card.id, CardState.ACTIVE),
        lambda: cards(aru).give_up(child, one.card.id),
        lambda: cards(aru).bind(child, text, wallet),
    ):
        with pytest.raises(CardUnfit):
            act()
    cards(aru).set_state(me(aru), one.card.id, CardState.ACTIVE)
    assert pays(aru, text)


def test_what_the_directory_does_not_know_does_not_pay(
    aru: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, wallet = token(), wallet_in_custody(aru)
    core = aru.house.parts.core

    def cut(*_: object) -> None:
        raise CoreUnreachable("cut")

    with monkeypatch.context() as torn:
        torn.setattr(core, "put_alias", cut)
        with pytest.raises(CoreUnreachable):
            cards(aru).bind(me(aru), text, wallet)
    assert not pays(aru, text)
    one = bound(aru, text, wallet)
    with monkeypatch.context() as torn:
        torn.setattr(core, "drop_alias", cut)
        with pytest.raises(CoreUnreachable):
            cards(aru).give_up(me(aru), one.card.id)
    assert not pays(aru, text)
    cards(aru).give_up(me(aru), one.card.id)
    assert cards(aru).listed(me(aru)) == []


def test_the_cards_of_a_wallet_that_leaves(aru: Person) -> None:
    text, wallet = token(), wallet_in_custody(aru)
    bound(aru, text, wallet)
    cards(aru).forget_wallet(WalletId(wallet))
    assert not pays(aru, text)
    assert cards(aru).listed(me(aru)) == []


def test_tokens_are_tried_a_few_times_a_day(aru: Person) -> None:
    wallet = wallet_in_custody(aru)
    told = [cards(aru).bind(me(aru), token(), wallet) for _ in range(CLAIMED_PER_DAY.limit + 1)]
    assert told[-1] is AliasRefusal.TOO_OFTEN

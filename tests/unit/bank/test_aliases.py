# SPDX-License-Identifier: Apache-2.0
"""Aliases between two banks and a directory that knows nobody; and those who try to know more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from kerege.bank.alias import (
    AliasRefusal,
    AliasState,
    ListedAlias,
    NamedWallet,
    Shows,
    TooManyQuestions,
)
from kerege.bank.aliases import (
    ASKED_PER_DAY,
    ASKED_PER_MINUTE,
    CLAIMED_PER_DAY,
    MAX_ALIASES,
    Aliases,
)
from kerege.bank.core_line import CoreUnreachable, Resolved
from kerege.bank.customer import Customer, CustomerState
from kerege.bank.customers import Application
from kerege.bank.directory import Directory, MemoryDirectory
from kerege.bank.personal_data import PersonalData
from kerege.keys import RootSecret
from kerege.payments.aliases import MalformedAlias, Numbering
from kerege.payments.ids import WalletId, format_wallet_id
from tests.people import AIGERIM, House, open_house

NUMBERING = Numbering(phone_prefix="+7", phone_digits=10, trunk="8", tax_digits=12)
BOLAT = PersonalData(
    name="Болат Ерғалиев",
    phone="+77015550042",
    tax_number="850505350042",
    birth_date="1985-05-05",
)


class Torn:
    """A line to the directory that can be cut, before or after the directory heard."""

    def __init__(self, line: Directory) -> None:
        self.line = line
        self.cut: str = ""

    def _call(self, what: Callable[[], None]) -> None:
        if self.cut == "before":
            raise CoreUnreachable("cut")
        what()
        if self.cut == "after":
            raise CoreUnreachable("cut")

    def put_alias(self, tag: str, wallet: str) -> None:
        self._call(lambda: self.line.put_alias(tag, wallet))

    def drop_alias(self, tag: str) -> None:
        self._call(lambda: self.line.drop_alias(tag))

    def resolve(self, tag: str) -> Resolved | None:
        return self.line.resolve(tag)


@dataclass(frozen=True)
class Bank:
    """A bank with one customer and their wallet."""

    house: House
    aliases: Aliases
    line: Torn
    owner: Customer
    wallet: WalletId

    def claim(self, text: str) -> ListedAlias | AliasRefusal:
        return self.aliases.claim(self.owner.id, self.wallet, text)


class Country:
    """Two banks that ask each other for names."""

    def __init__(self, folder: Path) -> None:
        self.directory = MemoryDirectory()
        self.banks: dict[str, Bank] = {}
        for number, (name, data) in enumerate((("ours", AIGERIM), ("theirs", BOLAT)), start=1):
            (folder / name).mkdir()
            house = open_house(folder / name, seed=number)
            line = Torn(self.directory.line(name))
            aliases = Aliases(
                house.tables,
                house.vault,
                house.customers,
                line,
                NUMBERING,
                secret=RootSecret(b"d" * 32),
                clock=house.clock,
                name_of=lambda wallet, bank: self.banks[bank].aliases.own_name(WalletId(wallet)),
                reserved=["Altyn Bank", "ҰЛТ"],
            )
            owner = house.add(data, tier="identified")
            wallet = format_wallet_id(bytes([number]) * 16)
            house.customers.attach_wallet(owner.id, wallet, custody=False)
            self.banks[name] = Bank(house, aliases, line, owner, wallet)

    @property
    def ours(self) -> Bank:
        return self.banks["ours"]

    @property
    def theirs(self) -> Bank:
        return self.banks["theirs"]


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    country = Country(tmp_path)
    yield country
    for bank in country.banks.values():
        bank.house.tables.close()


def test_an_alias_leads_from_one_bank_to_the_other(country: Country) -> None:
    for text in (AIGERIM.phone, AIGERIM.tax_number, "@aigerim"):
        claimed = country.ours.claim(text)
        assert isinstance(claimed, ListedAlias)
        assert claimed.state is AliasState.LISTED
    for text in ("8 (701) 555-00-01", "+77015550001", "910101450001", "Aigerim", "@AIGERIM"):
        assert country.theirs.aliases.resolve(country.theirs.owner.id, text) == NamedWallet(
            country.ours.wallet, "ours", "А*** Н."
        )
    shown = {each.shown for each in country.ours.aliases.listed(country.ours.owner.id)}
    assert shown == {"+77015550001", "910101450001", "@aigerim"}


def test_what_leads_nowhere_looks_the_same(country: Country) -> None:
    asker = country.theirs
    country.ours.claim("@once")
    country.ours.aliases.release(country.ours.owner.id, "@once")
    nothing = ("+77015550001", "@nobody", "@once", "000000000000", "%%%", "", "a\u202eb", "x" * 999)
    assert {asker.aliases.resolve(asker.owner.id, text) for text in nothing} == {None}


def test_the_core_learns_nothing(country: Country) -> None:
    country.ours.claim(AIGERIM.phone)
    country.ours.claim("@aigerim")
    for tag in country.directory.tags():
        assert len(tag) == 43
    other = Aliases(
        country.ours.house.tables,
        country.ours.house.vault,
        country.ours.house.customers,
        country.directory.line("spy"),
        NUMBERING,
        secret=RootSecret(b"x" * 32),
        clock=country.ours.house.clock,
        name_of=lambda wallet, bank: "",
    )
    assert other.find(AIGERIM.phone) is None


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("+77015550042", AliasRefusal.NOT_YOURS),
        ("850505350042", AliasRefusal.NOT_YOURS),
        ("card:tok_0123456789abcdef", AliasRefusal.NOT_YOURS),
        ("@altynbank", AliasRefusal.RESERVED),
        ("@altyn.bank.help", AliasRefusal.RESERVED),
        ("@a1tyn_bank", AliasRefusal.RESERVED),
        ("@алтынбанк", None),
        ("@ұлт", AliasRefusal.RESERVED),
        ("@ұлттар", None),
    ],
)
def test_what_may_not_be_claimed(country: Country, text: str, refusal: AliasRefusal | None) -> None:
    claimed = country.ours.claim(text)
    assert (claimed if isinstance(claimed, AliasRefusal) else None) is refusal


def test_a_card_is_claimed_by_whom_the_bank_saw_with_it(country: Country) -> None:
    ours, theirs = country.ours.aliases, country.theirs.aliases
    token = "card:tok_0123456789abcdef"
    claimed = ours.claim(country.ours.owner.id, country.ours.wallet, token, proven=True)
    assert isinstance(claimed, ListedAlias)
    assert (claimed.shown, claimed.tag) == ("****cdef", ours.card_tag(token))
    assert ours.is_listed(claimed.tag, country.ours.wallet)
    assert not ours.is_listed(claimed.tag, country.theirs.wallet)
    # A shop's bank finds it by its tag; nobody finds it by asking whom it names.
    assert theirs.find_tag(theirs.card_tag(token)) == Resolved(country.ours.wallet, "ours")
    assert theirs.find(token) is None
    assert not theirs.release_tag(country.theirs.owner.id, claimed.tag)
    assert ours.release_wallet(country.ours.wallet, kind="phone") == 0
    assert ours.release_tag(country.ours.owner.id, claimed.tag)
    assert theirs.find_tag(claimed.tag) is None


def test_texts_that_are_no_alias_cannot_be_claimed(country: Country) -> None:
    for text in ("", "@", "@аigerim", "@a\u200bigerim", "+7", "@" + "a" * 999):
        with pytest.raises(MalformedAlias):
            country.ours.claim(text)
    assert country.directory.tags() == []


def test_a_look_alike_of_a_taken_nickname_is_taken(country: Country) -> None:
    country.ours.claim("@cocos")
    for other in ("@cocos", "@COCOS", "@c0c0s", "@сосоѕ", "@co.cos"):
        assert country.theirs.claim(other) is AliasRefusal.TAKEN
    assert country.theirs.aliases.listed(country.theirs.owner.id) == []


def test_two_customers_of_one_bank(country: Country) -> None:
    ours = country.ours
    ours.claim("@first")
    other = ours.house.add(msgspec.structs.replace(BOLAT, phone="+77015550043"), tier="identified")
    wallet = format_wallet_id(b"\x09" * 16)
    ours.house.customers.attach_wallet(other.id, wallet, custody=False)
    assert ours.aliases.claim(other.id, wallet, "@first") is AliasRefusal.TAKEN
    assert ours.aliases.claim(other.id, ours.wallet, "@second") is AliasRefusal.WALLET_NOT_YOURS
    assert not ours.aliases.release(other.id, "@first")
    assert ours.aliases.find("@first")


def test_an_alias_may_be_led_to_another_wallet_of_its_owner(country: Country) -> None:
    ours = country.ours
    ours.claim("@aigerim")
    second = format_wallet_id(b"\x08" * 16)
    ours.house.customers.attach_wallet(ours.owner.id, second, custody=True)
    ours.aliases.claim(ours.owner.id, second, "@aigerim")
    found = country.theirs.aliases.find("@aigerim")
    assert found is not None
    assert found.wallet == second
    assert len(ours.aliases.listed(ours.owner.id)) == 1


def test_what_owners_show(country: Country) -> None:
    ours = country.ours
    ours.claim("@aigerim")
    ours.aliases.show(ours.owner.id, Shows.NOTHING)
    assert country.theirs.aliases.find("@aigerim") == NamedWallet(ours.wallet, "ours", "")
    ours.aliases.show(ours.owner.id, Shows.MASKED)
    assert ours.aliases.own_name(ours.wallet) == "А*** Н."
    ours.house.customers.set_state(ours.owner.id, CustomerState.BLOCKED)
    assert ours.aliases.own_name(ours.wallet) == ""
    assert ours.aliases.own_name(WalletId("wal_" + "f" * 32)) == ""


def test_a_firm_shows_its_name(country: Country) -> None:
    house = country.ours.house
    shop = house.customers.open(
        Application(
            data=PersonalData(name="ЖШС «Дәм»", tax_number="050505050505"), kind="firm", tier="full"
        )
    )
    assert isinstance(shop, Customer)
    wallet = format_wallet_id(b"\x07" * 16)
    house.customers.attach_wallet(shop.id, wallet, custody=False)
    assert country.ours.aliases.own_name(wallet) == "ЖШС «Дәм»"


def test_a_name_from_another_bank_plays_no_tricks(country: Country) -> None:
    ours = country.ours
    ours.claim("@aigerim")
    ours.aliases._name_of = lambda wallet, bank: "Болат\u202e\u200b\n" + "\u0301" * 99 + "x" * 999
    found = ours.aliases.find("@aigerim")
    assert found is not None
    assert found.name.startswith("Болат")
    assert len(found.name) <= 140
    assert found.name.isprintable()


def test_a_number_that_was_given_up_is_given_up_as_an_alias(country: Country) -> None:
    ours = country.ours
    ours.claim(AIGERIM.phone)
    ours.claim("@aigerim")
    ours.house.customers.identify(
        ours.owner.id, msgspec.structs.replace(AIGERIM, phone="+77015550077")
    )
    assert ours.aliases.release_outdated(ours.owner.id) == 1
    assert ours.aliases.release_outdated(ours.owner.id) == 0
    assert country.theirs.aliases.find(AIGERIM.phone) is None
    assert country.theirs.aliases.find("@aigerim")


def test_a_wallet_that_leaves_takes_its_aliases_with_it(country: Country) -> None:
    ours = country.ours
    ours.claim(AIGERIM.phone)
    ours.claim("@aigerim")
    assert ours.aliases.release_wallet(ours.wallet) == 2
    assert country.directory.tags() == []
    assert country.theirs.claim("@aigerim")


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_lost_answer_is_made_good(country: Country, cut: str) -> None:
    ours = country.ours
    ours.line.cut = cut
    with pytest.raises(CoreUnreachable):
        ours.claim("@aigerim")
    ours.line.cut = ""
    assert ours.aliases.listed(ours.owner.id)[0].state is AliasState.CLAIMING
    assert ours.aliases.settle() == 0
    ours.house.clock.advance_us(31_000_000)
    assert ours.aliases.settle() == 1
    assert ours.aliases.settle() == 0
    assert country.theirs.aliases.find("@aigerim")
    ours.line.cut = cut
    with pytest.raises(CoreUnreachable):
        ours.aliases.release(ours.owner.id, "@aigerim")
    ours.line.cut = ""
    ours.house.clock.advance_us(31_000_000)
    assert ours.aliases.settle() == 1
    assert country.theirs.aliases.find("@aigerim") is None
    assert ours.aliases.listed(ours.owner.id) == []


def test_a_claim_somebody_else_won_meanwhile_ends(country: Country) -> None:
    country.ours.line.cut = "before"
    with pytest.raises(CoreUnreachable):
        country.ours.claim("@prize")
    country.ours.line.cut = ""
    assert isinstance(country.theirs.claim("@prize"), ListedAlias)
    country.ours.house.clock.advance_us(31_000_000)
    country.ours.aliases.settle()
    assert country.ours.aliases.listed(country.ours.owner.id) == []
    assert country.ours.claim("@prize") is AliasRefusal.TAKEN


def test_given_up_while_it_was_claimed(country: Country) -> None:
    """The directory hears of the claim after the release."""
    ours = country.ours
    put = ours.line.line.put_alias

    def late(tag: str, wallet: str) -> None:
        ours.aliases.release(ours.owner.id, "@aigerim")
        put(tag, wallet)

    ours.line.line.put_alias = late  # type: ignore[method-assign]
    ours.claim("@aigerim")
    assert country.directory.tags() == []


def test_asking_is_bounded(country: Country) -> None:
    ours, clock = country.ours, country.ours.house.clock
    country.theirs.claim("@bolat")

    def ask(text: str) -> bool:
        return isinstance(ours.aliases.resolve(ours.owner.id, text), TooManyQuestions)

    for _ in range(ASKED_PER_MINUTE.limit):
        assert not ask("+77015559999")
    assert ask("@bolat")
    asked = ASKED_PER_MINUTE.limit + 1
    while asked < ASKED_PER_DAY.limit:
        clock.advance_us(60_000_000)
        for _ in range(ASKED_PER_MINUTE.limit):
            assert not ask("nonsense") or asked >= ASKED_PER_DAY.limit
            asked += 1
    clock.advance_us(60_000_000)
    answer = ours.aliases.resolve(ours.owner.id, "@bolat")
    assert isinstance(answer, TooManyQuestions)
    assert answer.wait_s > 60


def test_claims_are_bounded(country: Country) -> None:
    ours = country.ours
    answers = [ours.claim(f"@nick{chr(97 + each)}") for each in range(CLAIMED_PER_DAY.limit + 1)]
    assert [isinstance(answer, ListedAlias) for answer in answers].count(True) == MAX_ALIASES
    assert answers[MAX_ALIASES] is AliasRefusal.TOO_MANY
    assert answers[-1] is AliasRefusal.TOO_OFTEN


def test_who_may_not_act_may_not_claim(country: Country) -> None:
    ours = country.ours
    ours.house.customers.set_state(ours.owner.id, CustomerState.BLOCKED)
    assert ours.claim("@aigerim") is AliasRefusal.CUSTOMER_NOT_ACTIVE


def test_the_banks_own_file_names_no_alias(country: Country, tmp_path: Path) -> None:
    country.ours.claim(AIGERIM.phone)
    country.ours.claim("@aigerim_n")
    country.theirs.aliases.resolve(country.theirs.owner.id, AIGERIM.phone)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for text in (AIGERIM.phone, AIGERIM.phone[1:], "aigerim", "А*** Н."):
        assert text.encode() not in written


def test_the_forgotten_leave_no_alias_behind(country: Country) -> None:
    ours = country.ours
    ours.claim("@aigerim")
    ours.house.customers.detach_wallet(ours.wallet)
    ours.house.customers.set_state(ours.owner.id, CustomerState.CLOSED)
    ours.house.customers.forget(ours.owner.id)
    assert ours.aliases.release_wallet(ours.wallet) == 1
    assert country.directory.tags() == []
    assert ours.aliases.listed(ours.owner.id) == []

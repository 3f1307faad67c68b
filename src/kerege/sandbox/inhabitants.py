# SPDX-License-Identifier: Apache-2.0
"""Made-up people, shops and employers of a country: the same ones for the same seed. Pure.

Nobody real is meant: surnames are put together from syllables, phone and tax numbers begin with
digits that are given to nobody (`Numbers.made_up` of the profile).
"""

from random import Random
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from kerege.sandbox.profile import CheckDigit, Institution, Numbers, Profile

__all__ = [
    "AGENCIES",
    "MAX_PEOPLE",
    "Firm",
    "Person",
    "Population",
    "Pupil",
    "populate",
    "tax_number",
]

MAX_PEOPLE: Final = 5_000
"""People of one sandbox: numbers must tell them apart, and each is some requests to a bank."""

_PEOPLE_PER_SHOP: Final = 12
_FEWEST_SHOPS: Final = 3
"""One of each trade first: a school canteen is among these."""
_PEOPLE_PER_EMPLOYER: Final = 100
_SHOP_NUMBERS: Final = 6_000
"""Numbers from here on are firms'; people have those below."""
_PUPIL_NUMBERS: Final = 7_000
_EMPLOYER_NUMBERS: Final = 8_000
_AGENCY_NUMBERS: Final = 9_000

AGENCIES: Final = (
    "Ministry of Education",
    "Treasury",
    "Tax Authority",
    "Ministry of Sport",
    "Ministry of Agriculture",
)
"""Who funds programmes, accepts work, attests."""

_PEOPLE_PER_PUPIL: Final = 7
_PUPILS_BORN: Final = (2014, 6)
"""From which year on, and in how many."""
_CARD: Final = "transit-9643108"
"""A card's scheme, and what the numbers of its cards begin with."""

_PHONE_ONLY_IN_100: Final = 25
"""Customers in a hundred of whom a bank knows the phone number and no more."""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who does not exist."""

    number: int
    name: str
    phone: str
    tax_number: str
    tier: str
    region: str
    bank: str
    language: str
    salary_minor: int
    employer: int
    """Place among the population's employers."""

    @property
    def key(self) -> str:
        """What tells this one apart in the sandbox: also the user name at the bank."""
        return f"person-{self.number:04}"


class Firm(Struct, frozen=True, kw_only=True):
    """A shop, an employer or an agency that does not exist."""

    number: int
    name: str
    phone: str
    tax_number: str
    tier: str
    category: str
    region: str
    bank: str
    vat: bool
    owner_kind: Literal["firm", "agency"] = "firm"
    least_minor: int = 0
    most_minor: int = 0

    @property
    def key(self) -> str:
        """What tells this one apart in the sandbox."""
        return f"{self.owner_kind}-{self.number:04}"


class Pupil(Struct, frozen=True, kw_only=True):
    """A child who does not exist: without a key, for the bank keeps it, and with a transit `card`.
    `guardian` is the place of who answers for it among the population's people."""

    number: int
    name: str
    phone: str
    birth_date: str
    tier: str
    region: str
    bank: str
    language: str
    card: str
    guardian: int

    @property
    def key(self) -> str:
        """What tells this one apart in the sandbox."""
        return f"pupil-{self.number:04}"


class Population(Struct, frozen=True):
    """Everybody of a sandbox."""

    people: tuple[Person, ...]
    shops: tuple[Firm, ...]
    employers: tuple[Firm, ...]
    agencies: tuple[Firm, ...] = ()
    """One for each of `AGENCIES`, in their order."""
    pupils: tuple[Pupil, ...] = ()


def populate(profile: Profile, *, people: int, seed: int) -> Population:
    """`people` inhabitants (1 to `MAX_PEOPLE`), their shops and employers."""
    if not 1 <= people <= MAX_PEOPLE:
        raise ValueError(f"a sandbox has 1 to {MAX_PEOPLE} people, not {people}")
    chance = Random(f"{seed} {profile.code}")  # noqa: S311 -- the same people for the same seed
    employers = max(1, people // _PEOPLE_PER_EMPLOYER)
    shops = max(len(profile.institutions), people // _PEOPLE_PER_SHOP, _FEWEST_SHOPS)
    grown_ups = [_person(profile, number, employers, chance) for number in range(people)]
    parents = range(_PEOPLE_PER_PUPIL - 1, people, _PEOPLE_PER_PUPIL)
    for place in parents:
        grown_ups[place] = _parent(profile, grown_ups[place])
    return Population(
        tuple(grown_ups),
        tuple(_shop(profile, number, chance) for number in range(shops)),
        tuple(_employer(profile, number, chance) for number in range(employers)),
        tuple(_agency(profile, number) for number in range(len(AGENCIES))),
        tuple(_pupil(profile, grown_ups[place], place, chance) for place in parents),
    )


def _person(profile: Profile, number: int, employers: int, chance: Random) -> Person:
    tiers = [tier.name for tier in profile.tiers if tier.owner_kind == "person"]
    few_known = chance.randrange(100) < _PHONE_ONLY_IN_100
    rounded = 1_000 * 10**2
    words = profile.population
    salary = chance.randint(words.salary_least_minor, words.salary_most_minor) // rounded * rounded
    return Person(
        number=number,
        name=_name(profile, chance),
        phone=_phone(profile.phone, number),
        tax_number=tax_number(profile.tax_number, number),
        tier=tiers[0] if few_known else chance.choice(tiers[1:] or tiers),
        region=chance.choice(profile.regions).id,
        bank=_bank(profile, number, chance).id,
        language=chance.choice(profile.languages),
        salary_minor=max(salary, words.salary_least_minor),
        employer=number % employers,
    )


def _parent(profile: Profile, person: Person) -> Person:
    """The same at the post office, with papers that show that it is of age."""
    tiers = [tier for tier in profile.tiers if tier.owner_kind == "person"]
    seen = next((tier.name for tier in tiers if "birth_date" in tier.requires), tiers[-1].name)
    return replace(person, tier=seen, bank=_post(profile).id)


def _pupil(profile: Profile, parent: Person, place: int, chance: Random) -> Pupil:
    number = _PUPIL_NUMBERS + place // _PEOPLE_PER_PUPIL
    first, years = _PUPILS_BORN
    year, month, day = (first + chance.randrange(years), 1 + number % 12, 1 + number % 28)
    return Pupil(
        number=number,
        name=_name(profile, chance),
        phone=_phone(profile.phone, number),
        birth_date=f"{year}-{month:02}-{day:02}",
        tier=next(tier.name for tier in profile.tiers if tier.owner_kind == "person"),
        region=parent.region,
        bank=parent.bank,
        language=parent.language,
        card=f"{_CARD}{number:010}",
        guardian=place,
    )


def _bank(profile: Profile, number: int, chance: Random) -> Institution:
    """By share; the first few of any kind are spread, so that no institution stands empty."""
    institutions = profile.institutions
    if number < len(institutions):
        return institutions[number]
    return chance.choices(institutions, weights=[one.share for one in institutions])[0]


def _name(profile: Profile, chance: Random) -> str:
    words = profile.population
    woman = chance.randrange(2) == 0
    given = chance.choice(words.women if woman else words.men)
    ending = words.surname_endings_women if woman else words.surname_endings_men
    surname = (chance.choice(part) for part in (words.surname_starts, words.surname_middles))
    return f"{given} {''.join(surname)}{chance.choice(ending)}"


def _shop(profile: Profile, number: int, chance: Random) -> Firm:
    trades = profile.population.trades
    # One of each trade first: whoever looks for a baker finds one.
    trade = (
        trades[number]
        if number < len(trades)
        else chance.choices(trades, weights=[one.share for one in trades])[0]
    )
    language = profile.languages[number % min(2, len(profile.languages))]
    called = f"{trade.name[language]} «{chance.choice(profile.population.shop_names)}»"
    return Firm(
        number=number,
        name=called,
        phone=_phone(profile.phone, _SHOP_NUMBERS + number),
        tax_number=tax_number(profile.tax_number, _SHOP_NUMBERS + number),
        tier=_firm_tier(profile),
        category=trade.category,
        region=chance.choice(profile.regions).id,
        bank=_bank(profile, number, chance).id,
        vat=chance.randrange(3) > 0,
        least_minor=trade.least_minor,
        most_minor=trade.most_minor,
    )


def _employer(profile: Profile, number: int, chance: Random) -> Firm:
    return Firm(
        number=_EMPLOYER_NUMBERS + number,
        name=f"«{chance.choice(profile.population.shop_names)}-{number + 1}»",
        phone=_phone(profile.phone, _EMPLOYER_NUMBERS + number),
        tax_number=tax_number(profile.tax_number, _EMPLOYER_NUMBERS + number),
        tier=_firm_tier(profile),
        category="",
        region=chance.choice(profile.regions).id,
        bank=_bank(profile, number, chance).id,
        vat=True,
    )


def _agency(profile: Profile, number: int) -> Firm:
    place = _AGENCY_NUMBERS + number
    return Firm(
        number=place,
        name=AGENCIES[number],
        phone=_phone(profile.phone, place),
        tax_number=tax_number(profile.tax_number, place),
        tier=[tier.name for tier in profile.tiers if tier.owner_kind == "agency"][-1],
        category="",
        region=profile.regions[0].id,
        bank=_post(profile).id,
        vat=False,
        owner_kind="agency",
    )


def _post(profile: Profile) -> Institution:
    """The post office, which every village has, or the first institution where there is none."""
    posts = (one for one in profile.institutions if one.kind == "post")
    return next(posts, profile.institutions[0])


def _firm_tier(profile: Profile) -> str:
    return [tier.name for tier in profile.tiers if tier.owner_kind == "firm"][-1]


def _phone(numbers: Numbers, number: int) -> str:
    free = numbers.digits - len(numbers.made_up)
    return f"{numbers.prefix}{numbers.made_up}{number:0{free}}"


def tax_number(numbers: Numbers, number: int) -> str:
    """The `number`th made-up tax number, with its check digit if the country has one."""
    if numbers.check_digit is None:
        return f"{numbers.made_up}{number:0{numbers.digits - len(numbers.made_up)}}"
    free = numbers.digits - len(numbers.made_up) - 1
    # Numbers for which no weights give a digit are skipped by an offset, as authorities do.
    for offset in range(10):
        digits = f"{numbers.made_up}{number * 10 + offset:0{free}}"
        check = check_digit(digits, numbers.check_digit)
        if check is not None:
            return f"{digits}{check}"
    raise ValueError(f"no check digit for made-up number {number}: its weights are all alike")


def check_digit(digits: str, rule: CheckDigit) -> int | None:
    """The digit that follows `digits`; None if none of the weights gives one."""
    for weights in rule.weights:
        figure = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % rule.modulus
        if figure < 10:
            return figure
    return None

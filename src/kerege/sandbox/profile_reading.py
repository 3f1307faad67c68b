# SPDX-License-Identifier: Apache-2.0
"""Reads a country's profile from its TOML file and names every fault of it."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Final

import msgspec

from kerege.bank.tiers import OWNER_KINDS, MalformedTiers, TierBook
from kerege.errors import KeregeError
from kerege.money import ISO4217
from kerege.qr import PROFILES
from kerege.sandbox.faults import Fault, faults_of
from kerege.sandbox.profile import CheckDigit, Numbers, Profile

__all__ = ["MAX_PROFILE_BYTES", "ProfileError", "known_profiles", "load_profile", "parse_profile"]

MAX_PROFILE_BYTES: Final = 256 * 1024
"""Thirty times the profiles that come with the program."""

_REMEDY: Final = "see docs/country-profile.md"


class ProfileError(KeregeError):
    """A profile with faults: `faults` are (place, message), in the order of the file's members."""

    def __init__(self, faults: list[Fault], *, name: str) -> None:
        """Tell each fault on a line of its own."""
        lines = [f"{place}: {message}" if place else message for place, message in faults]
        super().__init__("\n  ".join(lines), place=name, remedy=_REMEDY)
        self.faults = tuple(faults)


def known_profiles() -> tuple[str, ...]:
    """Countries that come with the program."""
    folder = resources.files(__package__).joinpath("profiles")
    names = (Path(entry.name) for entry in folder.iterdir())
    return tuple(sorted(name.stem for name in names if name.suffix == ".toml"))


def load_profile(name: str) -> Profile:
    """The profile of a country that comes with the program (`kz`), or of a file (`my/own.toml`).

    Raises `ProfileError`, or `KeregeError` if there is none.
    """
    return parse_profile(profile_text(name), name=name)


def profile_text(name: str) -> bytes:
    """The TOML of a profile, as `load_profile` finds it."""
    if name in known_profiles():
        return resources.files(__package__).joinpath("profiles", f"{name}.toml").read_bytes()
    path = Path(name)
    if path.suffix != ".toml":
        known = ", ".join(known_profiles())
        raise KeregeError(
            f"no country {name!r} comes with the program",
            place="profile",
            remedy=f"name one of {known}, or a file that ends in .toml",
        )
    try:
        with path.open("rb") as file:
            return file.read(MAX_PROFILE_BYTES + 1)
    except OSError as error:
        raise KeregeError(f"cannot be read: {error.strerror}", place=name) from error


def parse_profile(text: bytes, *, name: str = "profile") -> Profile:
    """Read a profile's TOML. Raises `ProfileError` with all its faults."""
    if len(text) > MAX_PROFILE_BYTES:
        raise ProfileError([("", f"a profile has at most {MAX_PROFILE_BYTES} bytes")], name=name)
    try:
        table = tomllib.loads(text.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
        raise ProfileError([("", f"not TOML: {fault}")], name=name) from None
    faults = faults_of(table, Profile)
    if faults:
        raise ProfileError(faults, name=name)
    profile = msgspec.convert(table, Profile)
    faults = list(_disagreements(profile))
    if faults:
        raise ProfileError(faults, name=name)
    return profile


def _disagreements(profile: Profile) -> Iterator[Fault]:
    """Members that are well-formed and do not go together."""
    yield from _untranslated(profile)
    if profile.money.asset not in ISO4217:
        yield "money.asset", "ISO 4217 names no such currency"
    if profile.money.issue_minor > profile.money.reserves_minor:
        yield "money.issue_minor", "more than reserves_minor: money is issued against reserves"
    qr = PROFILES.get(profile.qr.country)
    if qr is None:
        yield "qr.country", f"no QR profile of that country; there are {', '.join(PROFILES)}"
    elif qr.currency.code != profile.money.asset:
        yield "qr.country", f"its codes ask for {qr.currency.code}, not {profile.money.asset}"
    yield from _number_faults(profile.phone, "phone")
    yield from _number_faults(profile.tax_number, "tax_number")
    ids = [profile.central_bank.id, *(one.id for one in profile.institutions)]
    yield from _repeated(ids, "institutions", "id")
    yield from _repeated((one.id for one in profile.regions), "regions", "id")
    yield from _tier_faults(profile)
    people = profile.population
    if people.salary_least_minor > people.salary_most_minor:
        yield "population.salary_least_minor", "more than salary_most_minor"
    for number, trade in enumerate(people.trades):
        if trade.least_minor > trade.most_minor:
            yield f"population.trades[{number}].least_minor", "more than most_minor"


def _untranslated(profile: Profile) -> Iterator[Fault]:
    texts = {"name": profile.name, "money.name": profile.money.name}
    texts["central_bank.name"] = profile.central_bank.name
    for number, institution in enumerate(profile.institutions):
        texts[f"institutions[{number}].name"] = institution.name
    for number, region in enumerate(profile.regions):
        texts[f"regions[{number}].name"] = region.name
    for number, trade in enumerate(profile.population.trades):
        texts[f"population.trades[{number}].name"] = trade.name
    yield from _repeated(profile.languages, "languages", "language")
    for place, said in texts.items():
        for language in profile.languages:
            if language not in said:
                yield f"{place}.{language}", "is missing: it is one of the country's languages"


def _number_faults(numbers: Numbers, place: str) -> Iterator[Fault]:
    free = numbers.digits - len(numbers.made_up) - (numbers.check_digit is not None)
    if free < _FREE_DIGITS:
        yield f"{place}.made_up", f"leaves {free} digits to tell people apart, {_FREE_DIGITS} do"
    if numbers.check_digit is not None:
        yield from _weight_faults(numbers.check_digit, numbers.digits, f"{place}.check_digit")


_FREE_DIGITS: Final = 4
"""Ten thousand people: more than a sandbox has."""


def _weight_faults(check: CheckDigit, digits: int, place: str) -> Iterator[Fault]:
    for number, weights in enumerate(check.weights):
        if len(weights) != digits - 1:
            yield f"{place}.weights[{number}]", f"has {len(weights)} weights, not {digits - 1}"


def _tier_faults(profile: Profile) -> Iterator[Fault]:
    kinds = {tier.owner_kind for tier in profile.tiers}
    for kind in OWNER_KINDS:
        if kind not in kinds:
            yield "tiers", f"none for owners of kind {kind}"
    for number, tier in enumerate(profile.tiers):
        if profile.money.asset not in tier.limits:
            yield f"tiers[{number}].limits", f"none for {profile.money.asset}; {{}} does not bound"
    try:
        TierBook(profile.tiers)
    except MalformedTiers as error:
        yield error.place, error.message


def _repeated(values: Iterable[str], place: str, what: str) -> Iterator[Fault]:
    for value, times in Counter(values).items():
        if times > 1:
            yield place, f"{what} {value} stands there {times} times"

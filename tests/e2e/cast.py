# SPDX-License-Identifier: Apache-2.0
"""The people stories are told of, made up, and everything that is personal about them."""

from dataclasses import dataclass

from tests.e2e.country import Country, Customer

__all__ = [
    "ARU",
    "BERIK",
    "CAFE",
    "CARD",
    "DANA",
    "NICKNAME",
    "SAULE",
    "SECRETS",
    "WORKS",
    "Cast",
    "gather",
]

ARU = {"name": "Аружан Көкжұлдова", "phone": "+77990417301"}
BERIK = {
    "name": "Берік Сарытамдаев",
    "phone": "+77990417302",
    "tax_number": "000000417318",
    "birth_date": "1987-03-19",
}
CAFE = {"name": "ЖШС Қымызхана Мерей", "phone": "+77990417303", "tax_number": "000000417328"}
WORKS = {"name": "ТОО Степной Завод", "phone": "+77990417304", "tax_number": "000000417338"}
DANA = {
    "name": "Дана Күншоқпаева",
    "phone": "+77990417305",
    "tax_number": "000000417348",
    "birth_date": "1994-11-02",
}
SAULE = {
    "name": "Сәуле Талдүйсызы",
    "phone": "+77990417306",
    "tax_number": "000000417358",
    "birth_date": "1979-06-27",
}
NICKNAME = "@merei.kymyz"

CARD = "card:tok-7Q2M-9F4K-77ZX"
_PEOPLE = {
    "Aru": ARU,
    "Berik": BERIK,
    "Café": CAFE,
    "Works": WORKS,
    "Dana": DANA,
    "Saule": SAULE,
}
SECRETS = {
    **{f"{who}'s {what}": text for who, data in _PEOPLE.items() for what, text in data.items()},
    "Café's nickname": NICKNAME,
    "Berik's card": CARD,
}
"""Everything personal that the stories use, as its owners write it."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Aru and Berik, a café that Aru likes, the works that pay both; each at a bank of its own."""

    country: Country
    aru: Customer
    berik: Customer
    cafe: Customer
    works: Customer


def gather(country: Country) -> Cast:
    """Everybody joins a bank and opens a wallet: Aru as anyone does, by the command."""
    return Cast(
        country=country,
        aru=country.newcomer("aru", bank="shanyraq-bank", **ARU),
        berik=country.known(
            *("berik", BERIK), bank="uyq-bank", kind="person", tier="identified", overflow=True
        ),
        cafe=country.known(
            *("cafe", CAFE), bank="uyq-bank", kind="firm", tier="full", category="5812"
        ),
        works=country.known(*("works", WORKS), bank="dala-post", kind="firm", tier="full"),
    )

# SPDX-License-Identifier: Apache-2.0
"""The report of a programme to its funder, as it travels. No person is in it. Pure."""

from msgspec import Struct

__all__ = [
    "FEWEST_PEOPLE",
    "Figure",
    "Flag",
    "ProgrammeReport",
    "RefusedBy",
    "Standing",
]

FEWEST_PEOPLE = 5
"""People are told of in groups of at least so many; smaller ones together, without their region."""


class Figure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money that went one way in the period, minor units, and in how many payments.

    `flow`: marked, given, passed, spent, refunded, returned or recalled (docs/programme-report.md).
    `kind`, `category` and `region` are the payee's (of a refund who gave it back), `route` the
    programme's by which it would go today.
    """

    flow: str
    amount: int
    payments: int
    kind: str = ""
    category: str = ""
    region: str = ""
    route: str = ""


class Standing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where marked money is now: with how many holders of a kind, `held` of it on hold, `frozen`
    of it in frozen wallets."""

    kind: str
    category: str = ""
    region: str = ""
    holders: int
    amount: int
    held: int = 0
    frozen: int = 0


class RefusedBy(Struct, frozen=True):
    """How many payments a rule of the programme kept from its money."""

    rule: str
    payments: int


class Flag(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something to look at: a sign, not a proof. `payee` is its wallet where it is not a person's,
    `payers` how many it concerns."""

    rule: str
    payee: str = ""
    payers: int = 0
    payments: int
    amount: int


class ProgrammeReport(Struct, frozen=True, kw_only=True):
    """A programme from `from_us` until `until_us` (µs, the end not in it), and where its money is
    now. `budget_left`: what may still be marked.

    Not `is_complete`: more happened than one report looks at, and `until_us` is how far it came:
    ask on from there. `is_standing_complete`, `are_flags_complete`: whether everything was looked
    at for these.
    """

    programme: str
    asset: str
    state: str
    from_us: int
    until_us: int
    is_complete: bool
    budget: int
    budget_left: int
    figures: tuple[Figure, ...]
    standing: tuple[Standing, ...]
    is_standing_complete: bool
    refused: tuple[RefusedBy, ...]
    flags: tuple[Flag, ...]
    are_flags_complete: bool

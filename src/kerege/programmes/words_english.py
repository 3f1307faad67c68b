# SPDX-License-Identifier: Apache-2.0
"""What programmes have to say beside their own texts, in English. Pure.

`{limit}`, `{cap}` and the like are figures; each is shown as the reader is used to.
"""

from collections.abc import Mapping
from typing import Final

__all__ = ["ARRIVALS", "FINDINGS", "KINDS", "LABELS", "LIMITS", "NO_ROUTE", "RULES", "WINDOWS"]

RULES: Final[Mapping[str, tuple[str, str]]] = {
    "starts": (
        "The programme has not begun: its money may not be spent before {starts}.",
        "Wait until {starts}, or pay with plain money.",
    ),
    "ends": (
        "The programme ended on {ends}; what was left went back to its funder.",
        "Pay with plain money.",
    ),
    "funder": (
        "This way the money may only go back to the programme's funder.",
        "Give the funder's wallet as the payee.",
    ),
    "contract": (
        "The payment is not for a contract of this programme between its buyer and supplier.",
        "Name the registered contract that you pay for; the payee must be its supplier.",
    ),
    "obligations": (
        "Obligations of the contract are not met.",
        "Meet them and have that registered; the contract's page lists them.",
    ),
    "invoice": (
        "The payment is not for a registered invoice of this payee to this payer.",
        "Ask the payee to register the invoice, and name it in the payment.",
    ),
    "groups": (
        "Nothing in the basket is of a group this money pays for.",
        "Choose goods of the programme, or pay with plain money.",
    ),
    "balance": (
        "There is none of the programme's money left.",
        "Pay with plain money, or wait for the next allowance.",
    ),
    "hold-ends": (
        "The programme's money may not be reserved beyond its end: until {ends} and no longer.",
        "Reserve it for a shorter time, or reserve plain money.",
    ),
    "suspended": (
        "The programme's money rests at present.",
        "Pay with plain money, or wait until the programme goes on.",
    ),
}
"""Built-in rules: what they say, and what would satisfy them."""

NO_ROUTE: Final = (
    "The programme's money may not go from this payer to this payee.",
    "Look at the programme's routes, or pay with plain money.",
)

LIMITS: Final = "{limit} would have passed."

ARRIVALS: Final[Mapping[str, str]] = {
    "keep": "stays marked",
    "unmark": "becomes plain money",
    "return": "returns to the funder",
}

WINDOWS: Final[Mapping[tuple[str, str], str]] = {
    ("payer", "payment"): "at most {cap} in one payment",
    ("payer", "day"): "at most {cap} a day for each payer",
    ("payer", "week"): "at most {cap} a week for each payer",
    ("payer", "month"): "at most {cap} a month for each payer",
    ("payer", "life"): "at most {cap} in all for each payer",
    ("payee", "payment"): "at most {cap} in one payment",
    ("payee", "day"): "at most {cap} a day to each payee",
    ("payee", "week"): "at most {cap} a week to each payee",
    ("payee", "month"): "at most {cap} a month to each payee",
    ("payee", "life"): "at most {cap} in all to each payee",
    ("pair", "payment"): "at most {cap} in one payment",
    ("pair", "day"): "at most {cap} a day between the same two",
    ("pair", "week"): "at most {cap} a week between the same two",
    ("pair", "month"): "at most {cap} a month between the same two",
    ("pair", "life"): "at most {cap} in all between the same two",
    ("all", "payment"): "at most {cap} in one payment",
    ("all", "day"): "at most {cap} a day for all together",
    ("all", "week"): "at most {cap} a week for all together",
    ("all", "month"): "at most {cap} a month for all together",
    ("all", "life"): "at most {cap} in all for all together",
}
"""A cap in words, by whom and how long it counts."""

KINDS: Final[Mapping[str, str]] = {
    "person": "a person",
    "firm": "a firm",
    "agency": "an agency",
    "bank": "a bank",
    "other": "somebody",
}

LABELS: Final[Mapping[str, str]] = {
    "version": "version {version}",
    "funder": "funder {funder}",
    "budget": "budget {budget}",
    "from-to": "{starts} to {ends}",
    "when": "when",
    "contract": "for a registered contract",
    "invoice": "for a registered invoice",
    "groups": "only for item groups {groups}",
    "sound": "Nothing is odd about {title}.",
    "error": "error",
    "warning": "warning",
    "notice": "notice",
    "fault": "fault",
    "tried": "{payments} payments of {amount} were tried.",
    "allowed": "would have passed",
    "blocked": "would have been refused",
    "rest": "{payments} of them only in part: other money would have paid {amount}.",
    "no-route": "no route leads there",
    "before": "before the programme begins",
    "after": "after the programme has ended",
}
"""What a programme is shown with."""

FINDINGS: Final[Mapping[str, str]] = {
    "nothing-given": "No route leads from the funder, so the money reaches nobody. Add a route"
    " with payer.is_funder.",
    "route-never": "No payment can go this way: what `when` asks for cannot all be true.",
    "route-covered": "Earlier routes take every payment this one is for. Put it before them, or"
    " take it out.",
    "route-shut": "The conditions of this route cannot all hold at once, so it lets nothing pass.",
    "money-stuck": "This route can bring marked money to {holder} ({example}), and from there no"
    " route leads out: it waits for the programme's end. Add a route, or let the money return.",
    "cap-always-splits": "The conditions ask for payments above this cap: a part of each has to be"
    " paid with other money.",
    "calendar-shut": "Rules ask for an open day, and no day of the programme is open.",
    "return-elsewhere": "This route returns money, but it is also chosen for payees that are not"
    " the funder ({example}); they are refused. Ask for payee.is_funder.",
    "cap-idle": "This cap never binds: {why} is reached first.",
    "texts-same": "The text is the same in two languages.",
    "calendar-unused": "The calendar has closed days, but no rule asks whether a day is open.",
    "takes-over-nothing": "The first version has no earlier money to take over.",
    "not-checked": "This could not be checked by trying: it reckons with figures, or has too many"
    " cases. Try it on payments that were made.",
}

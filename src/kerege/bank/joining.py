# SPDX-License-Identifier: Apache-2.0
"""Becoming a customer by oneself: show that a telephone is yours, then say who you are.

What somebody says of themselves nobody has checked, so it opens only a tier that asks for no more
than a name and a telephone. Everything above is opened by the bank's staff.
"""

import hmac
from collections.abc import Callable
from typing import Final

from kerege.bank.customer import Customer, Refused
from kerege.bank.customers import Application
from kerege.bank.identity.codes import Checked, OneTimeCodes, TooManyCodes
from kerege.bank.personal_data import PersonalData, normalise_phone
from kerege.bank.tiers import TierBook
from kerege.errors import KeregeError
from kerege.keys import RootSecret, encode_base64url

__all__ = ["SELF_DECLARED", "CodeNotRight", "Joining", "TierNeedsStaff", "TooManyCodesAsked"]

SELF_DECLARED: Final = frozenset({"name", "phone"})
"""What counts though nobody checked it."""

_PURPOSE: Final = "sign-up"


class CodeNotRight(KeregeError):
    """The one-time code was wrong or no longer counts."""


class TooManyCodesAsked(KeregeError):
    """No code for this number for `wait_s` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__("too many codes were asked for", remedy=f"wait {wait_s} seconds")
        self.wait_s = wait_s


class TierNeedsStaff(KeregeError):
    """The tier asks for what must be shown in person."""


class Joining:
    """Sign-up at one bank. `admit` opens customers: whoever is like somebody listed waits for a
    person to decide (`Screening.admit`)."""

    def __init__(
        self,
        admit: Callable[[Application], Customer | Refused],
        codes: OneTimeCodes,
        tiers: TierBook,
        *,
        secret: RootSecret,
    ) -> None:
        self._admit = admit
        self._codes = codes
        self._tiers = tiers
        self._phones = secret.index_key("sign-up phone")

    def send_code(self, phone: str) -> str:
        """Send a code to a telephone; returns what goes with it.

        Raises `MalformedPersonalData`, `TooManyCodesAsked`.
        """
        number = normalise_phone(phone)
        sent = self._codes.send(number, purpose=_PURPOSE, known=True)
        if isinstance(sent, TooManyCodes):
            raise TooManyCodesAsked(sent.wait_s)
        return f"{sent.id}.{self._bound(sent.id, number)}"

    def join(
        self, data: PersonalData, *, tier: str, language: str, code_id: str, code: str
    ) -> Customer | Refused:
        """Become a customer whose telephone answered.

        Raises `CodeNotRight`, `TierNeedsStaff`, `UnknownTier`, `MalformedPersonalData`. Refusals
        are those of `Customers.open`; `PHONE_TAKEN` is told to the telephone's holder only.
        """
        wanted = self._tiers.find("person", tier)
        if not SELF_DECLARED.issuperset(wanted.requires):
            raise TierNeedsStaff(f"the tier {tier} is opened at the bank", place="tier")
        if not self._is_right(code_id, code, data.phone):
            raise CodeNotRight("the code is wrong or no longer counts", place="code")
        return self._admit(Application(data=data, tier=tier, language=language))

    def _is_right(self, code_id: str, code: str, phone: str) -> bool:
        """Whether the code is right, and was sent to this very telephone."""
        secret, _, bound = code_id.partition(".")
        # Else a code sent to one's own telephone would prove that another's is one's own.
        expected = self._bound(secret, normalise_phone(phone))
        if not hmac.compare_digest(bound.encode(), expected.encode()):
            return False
        return self._codes.check(secret, code, purpose=_PURPOSE) is Checked.RIGHT

    def _bound(self, secret: str, phone: str) -> str:
        return encode_base64url(self._phones.tag(f"{secret}\0{phone}".encode()))

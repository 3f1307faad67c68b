# SPDX-License-Identifier: Apache-2.0
"""Why books do not take a request."""

from typing import Final

from kerege.errors import KeregeError
from kerege.payments import Verdict

__all__ = ["RefusedByBooks", "UnfitRequest", "checked_number"]

_MAX_NUMBER: Final = 32
"""Characters of an invoice's number, as the order that registers it has them."""


class UnfitRequest(KeregeError):
    """A request that does not fit these books; `place` says which member."""


class RefusedByBooks(KeregeError):
    """An order was refused: `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"refused as {verdict.code}")
        self.verdict = verdict


def checked_number(text: str) -> str:
    """An invoice's number as it can be registered; raises `UnfitRequest`."""
    inner = all(one.isascii() and (one.isalnum() or one in "./_-") for one in text)
    if not (1 <= len(text) <= _MAX_NUMBER and inner and text[0].isalnum() and text[-1].isalnum()):
        what = f"a number has 1 to {_MAX_NUMBER} of letters, digits and . / _ -"
        raise UnfitRequest(what, place="$.number")
    return text

# SPDX-License-Identifier: Apache-2.0
"""What a wallet in a pocket signed, and a bank that tells of papers."""

from typing import Any

import msgspec

from kerege.keys import parse_compact
from kerege.payments import Document, decode_document
from kerege.wallet import Answer
from tests.wallets import Pocket

__all__ = ["TellingBank", "signed"]


def signed(pocket: Pocket, answer: Answer) -> Document:
    """The document of an order that was sent, whatever became of it."""
    stored = pocket.purse.store.order(answer.verdict.order)
    assert stored is not None
    return decode_document(parse_compact(stored.order.text).payload)


class TellingBank:
    """Answers `GET /v1/events` in pages of two."""

    def __init__(self, *notices: dict[str, Any]) -> None:
        self.notices = [{"id": place, **one} for place, one in enumerate(notices, start=1)]
        self.asked = 0

    def ask(self, method: str, path: str, answer: Any, *, query: dict[str, str]) -> Any:
        """As `HttpBank.ask`."""
        assert (method, path) == ("GET", "/v1/events")
        self.asked += 1
        after = int(query["after"])
        page = [one for one in self.notices if one["id"] > after][:2]
        told = {"notices": page, "next": page[-1]["id"] if page else after}
        return msgspec.convert(told, answer)

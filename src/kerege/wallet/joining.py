# SPDX-License-Identifier: Apache-2.0
"""Becoming a bank's customer, before there is a session."""

from msgspec import Struct

from kerege.wallet.http_exchange import Exchange, decode
from kerege.wallet.wire import CustomerView

__all__ = ["Joining"]

_PATH = "/v1/customers"


class _CodeSent(Struct):
    code_id: str


class Joining:
    """Sign-up at the bank at `url`; every call raises `BankUnreachable` or `BankRefused`."""

    def __init__(self, url: str, *, language: str = "en") -> None:
        self._exchange = Exchange(url.rstrip("/"), language=language)

    def close(self) -> None:
        """Close the connection."""
        self._exchange.close()

    def send_code(self, phone: str) -> str:
        """Have a code sent to a telephone; returns what goes with it."""
        path = f"{_PATH}/codes"
        answer = self._exchange.fetch("POST", path, body={"phone": phone})
        return decode(answer, _CodeSent, place=path).code_id

    def join(
        self, phone: str, name: str, *, tier: str, language: str, code_id: str, code: str
    ) -> CustomerView:
        """Become a customer; then sign in."""
        body = {
            "phone": phone,
            "name": name,
            "tier": tier,
            "language": language,
            "code_id": code_id,
            "code": code,
        }
        return decode(self._exchange.fetch("POST", _PATH, body=body), CustomerView, place=_PATH)

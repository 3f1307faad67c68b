# SPDX-License-Identifier: Apache-2.0
"""Requests to pay that stand at the payee's bank: a QR code names one by its id.

The payee signs a request; the bank keeps and shows it, and can change nothing of it. Its signature
is verified by the core when somebody pays.
"""

from typing import Final

from kerege.bank.requests_store import (
    KeptRequest,
    count_open,
    delete_over,
    find_request,
    insert_request,
    open_of,
)
from kerege.errors import KeregeError
from kerege.keys import parse_compact
from kerege.payments import REQUEST_TYP, Request, decode_request
from kerege.runtime.clock import Clock
from kerege.runtime.tables import Tables

__all__ = ["MAX_OPEN", "RequestRefused", "Requests"]

MAX_OPEN: Final = 2_000
"""Open requests of one customer: a busy shop's bills of a day; older ones end by themselves."""

MAX_AHEAD_S: Final = 400 * 24 * 3600
"""How far ahead a request may stay open: a yearly bill."""

_KEPT_OVER_S: Final = 7 * 24 * 3600
_MAX_NOTE_CHARS: Final = 140
_US: Final = 1_000_000


class RequestRefused(KeregeError):
    """A request the bank does not keep."""


class Requests:
    """The requests of one bank's customers."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    def keep(self, customer: str, text: str, *, note: str = "") -> tuple[KeptRequest, Request]:
        """Keep a signed request; the same again changes nothing.

        Whoever calls has seen that the wallet is the customer's. Raises `JwsEncodingError`,
        `MalformedDocument`, `RequestRefused`.
        """
        request = read_request(text)
        now_us = self._clock.now_us()
        if not now_us < request.until_us <= now_us + MAX_AHEAD_S * _US:
            raise RequestRefused("its time is over, or too far ahead", place="until_us")
        if len(note) > _MAX_NOTE_CHARS:
            raise RequestRefused(f"a note has at most {_MAX_NOTE_CHARS} characters", place="note")
        kept = KeptRequest(
            id=request.id,
            customer=customer,
            wallet=request.wallet,
            until_us=request.until_us,
            text=text,
            note=note,
        )
        with self._tables.begin() as connection:
            known = find_request(connection, request.id)
            if known is not None:
                if (known.customer, known.text) != (customer, text):
                    raise RequestRefused("the id stands for another request", place="id")
                return known, request
            if count_open(connection, customer, now_us=now_us) >= MAX_OPEN:
                raise RequestRefused(f"at most {MAX_OPEN} requests may be open at once")
            delete_over(connection, before_us=now_us - _KEPT_OVER_S * _US)
            insert_request(connection, kept)
        return kept, request

    def find(self, request: str) -> KeptRequest | None:
        """A request by its id, also one whose time is over."""
        with self._tables.read() as connection:
            return find_request(connection, request)

    def open_of(self, customer: str, *, limit: int) -> list[KeptRequest]:
        """A customer's open requests, newest first."""
        with self._tables.read() as connection:
            return open_of(connection, customer, now_us=self._clock.now_us(), limit=limit)


def read_request(text: str) -> Request:
    """What a signed request says, its signature unchecked.

    Raises `JwsEncodingError`, `MalformedDocument`, `RequestRefused`.
    """
    if not text.isascii():
        raise RequestRefused("not a signed request", place="request")
    jws = parse_compact(text.encode())
    if jws.header.typ != REQUEST_TYP:
        raise RequestRefused("signed for another purpose", place="typ")
    return decode_request(jws.payload)

# SPDX-License-Identifier: Apache-2.0
"""One delivery of a webhook: a signed POST to a pinned address; only the status is read."""

import asyncio
import ssl
from collections.abc import Callable, Collection
from typing import Final

from kerege.bank.webhook_address import (
    ForbiddenAddress,
    HookUrl,
    Resolve,
    look_up,
    parse_hook_url,
)
from kerege.errors import KeregeError
from kerege.keys import SigningKey, encode_base64url
from kerege.keys.http_signatures import HttpRequest, sign_request
from kerege.runtime.clock import Clock
from kerege.runtime.randomness import Randomness

__all__ = ["DELIVERY_S", "DeliveryFailed", "HookSender"]

DELIVERY_S: Final = 10.0
"""For all of it: name, connection, answer. A receiver notes the event and works afterwards."""

_MAX_LINE_BYTES: Final = 4096
"""Of the status line, which is all that is read: an answer of any size costs nothing."""

_NONCE_BYTES: Final = 18
_US: Final = 1_000_000


class DeliveryFailed(KeregeError):
    """The receiver did not take it; the message says what happened, for the list of failures."""


class HookSender:
    """Signs as the institution `keyid` (docs/formats/request-signature.md) and sends."""

    def __init__(
        self,
        key: SigningKey,
        keyid: str,
        clock: Clock,
        randomness: Randomness,
        *,
        allow: Collection[str] = (),
        resolve: Resolve | None = None,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        delivery_s: float = DELIVERY_S,
    ) -> None:
        """`allow` names private addresses that may be called, as `host:port`."""
        self._key = key
        self._keyid = keyid
        self._clock = clock
        self._randomness = randomness
        self._allow = frozenset(allow)
        self._resolve = resolve
        self._tls = tls
        self._delivery_s = delivery_s

    async def send(self, url: str, body: bytes, *, event_id: str) -> None:
        """Deliver `body`; raises `DeliveryFailed` unless the answer is 2xx in time."""
        try:
            parsed = parse_hook_url(url, allow=self._allow)
            async with asyncio.timeout(self._delivery_s):
                status = await self._exchange(parsed, body, event_id)
        except ForbiddenAddress as fault:
            raise DeliveryFailed(fault.message) from fault
        except TimeoutError:
            raise DeliveryFailed(f"no answer within {self._delivery_s:g} s") from None
        except (OSError, ValueError) as fault:
            # The name of the fault says enough; its text may hold what the receiver sent.
            raise DeliveryFailed(f"the connection failed ({type(fault).__name__})") from fault
        if not 200 <= status <= 299:
            told = "a redirect, and those are not followed" if 300 <= status <= 399 else "answered"
            raise DeliveryFailed(f"{told}: {status}")

    async def _exchange(self, url: HookUrl, body: bytes, event_id: str) -> int:
        address = await look_up(url, self._resolve)
        secure = url.scheme == "https"
        reader, writer = await asyncio.open_connection(
            address,
            url.port,
            ssl=self._tls() if secure else None,
            server_hostname=url.host if secure else None,
            limit=_MAX_LINE_BYTES,
        )
        try:
            writer.write(self._request(url, body, event_id))
            await writer.drain()
            return _status_of(await reader.readline())
        finally:
            writer.close()

    def _request(self, url: HookUrl, body: bytes, event_id: str) -> bytes:
        path, _, query = url.target.partition("?")
        headers = [
            ("host", url.authority),
            ("content-type", "application/json"),
            ("idempotency-key", event_id),
        ]
        unsigned = HttpRequest("POST", url.authority, path, query, headers, body)
        added = sign_request(
            unsigned,
            self._key,
            keyid=self._keyid,
            nonce=encode_base64url(self._randomness.draw(_NONCE_BYTES)),
            created_s=self._clock.now_us() // _US,
        )
        lines = [f"POST {url.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in (*headers, *added)]
        lines += [f"content-length: {len(body)}", "connection: close", "", ""]
        return "\r\n".join(lines).encode() + body


def _status_of(line: bytes) -> int:
    parts = line.split(b" ", 2)
    if len(parts) < 2 or not parts[0].startswith(b"HTTP/1.") or not parts[1].isdigit():
        raise DeliveryFailed("the answer is not HTTP")
    return int(parts[1][:3])

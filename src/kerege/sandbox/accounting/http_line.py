# SPDX-License-Identifier: Apache-2.0
"""Asking a system under test over HTTP."""

from typing import Final, Self

import httpx

from kerege.sandbox.accounting.driving import MAX_ANSWER_BYTES, Answer, Unreachable

__all__ = ["HttpLine"]

_TIMEOUT_S: Final = 20.0


class HttpLine:
    """A system at an address. Redirects are not followed, and proxies of the environment not used:
    the answers are to be the system's own."""

    def __init__(self, url: str) -> None:
        """`url` is what the paths of docs/accounting.md stand after. Raises `Unreachable`."""
        base = url.rstrip("/")
        if not base.startswith(("http://", "https://")):
            raise Unreachable("an address begins with http:// or https://", place=url[:100])
        self._client = httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False, trust_env=False)
        self._base = base

    def ask(self, method: str, path: str, body: bytes, media_type: str) -> Answer:
        """The answer to one request; raises `Unreachable`."""
        headers = {"content-type": media_type} if media_type else {}
        try:
            with self._client.stream(
                method, f"{self._base}{path}", content=body, headers=headers
            ) as response:
                return Answer(response.status_code, _read(response))
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            what = str(fault) or type(fault).__name__
            raise Unreachable(f"did not answer: {what}"[:300], place=path[:100]) from None

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _read(response: httpx.Response) -> bytes:
    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER_BYTES:
            raise Unreachable(f"answered more than {MAX_ANSWER_BYTES} bytes")
    return b"".join(parts)

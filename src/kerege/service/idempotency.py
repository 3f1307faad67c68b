# SPDX-License-Identifier: Apache-2.0
"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), for clients with no id to give.

There is no table of keys and answers: what a request does is named after its caller and key (an
order's id is a hash of both), so that repeating it is the ledger's own business: the same again
gets the first outcome, another request under the same key is refused by name.
"""

import re
from typing import Any, Final

from litestar import Request

from kerege.service.problems import Problem

__all__ = ["required_key"]

_KEY: Final = re.compile(r'"?([A-Za-z0-9_.:-]{16,64})"?')


def required_key(request: Request[Any, Any, Any]) -> str:
    """The request's key; raises `Problem` if it has none, or two, or one that is no key."""
    given = request.headers.getall("idempotency-key", [])
    match = _KEY.fullmatch(given[0]) if len(given) == 1 else None
    if match is None:
        raise Problem(
            "request_invalid",
            "send one Idempotency-Key of 16 to 64 letters, digits, _ . : or -",
            place="idempotency-key",
        )
    return match[1]

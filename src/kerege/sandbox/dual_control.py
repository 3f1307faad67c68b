# SPDX-License-Identifier: Apache-2.0
"""The two people of the sandbox's central bank: one proposes, the other approves.

Their keys lie in the country's folder. In earnest each is with its person, on a card.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from kerege.centralbank.actions import Action
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    PROPOSAL_TYP,
    Approval,
    ProposalText,
    digest_of,
    encode_text,
)
from kerege.errors import KeregeError
from kerege.keys import PrivateKey, key_thumbprint, load_private_key, sign_compact
from kerege.runtime import Clock, SystemRandomness
from kerege.service import NodeClient

__all__ = ["ActionRefused", "DualControl", "Told"]

EXECUTED: Final = "executed"
_LIFE_US: Final = 24 * 3600 * 1_000_000


class ActionRefused(KeregeError):
    """What was proposed was not carried out; `code` says why."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class Told(Struct, frozen=True):
    """A proposal as the core tells it, as far as it matters here."""

    id: str
    state: str
    code: str = ""
    explanation: str = ""
    order: str = ""


class _Proposed(Struct, frozen=True):
    proposal: str


class _Approved(Struct, frozen=True):
    approval: str


class DualControl:
    """Proposes and approves at the core at `url`. Use as a context."""

    def __init__(self, url: str, keys: Path, staff: tuple[str, str], clock: Clock) -> None:
        """`staff` are the names of two files `NAME.pem` in the folder `keys`."""
        self._keys = [load_private_key(keys / f"{name}.pem") for name in staff]
        self._clients = [_client(url, key, clock) for key in self._keys]
        self._clock = clock

    def __enter__(self) -> "DualControl":
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.close()

    def carry_out(
        self,
        action: Action,
        *,
        reason: str,
        label: str = "",
        now_us: int = 0,
        between: Callable[[], None] = lambda: None,
    ) -> Told:
        """Propose, call `between`, approve. Raises `ActionRefused`, or what the client raises.

        The same `label` at the same `now_us` is the same proposal: it takes effect once. Without
        one it is a new proposal.
        """
        drawn = hashlib.sha256(f"sandbox {label}\n".encode()).digest() if label else _draw()
        proposal = ProposalText(
            id=f"prp_{drawn[:16].hex()}",
            action=action,
            reason=reason,
            expires_us=(now_us or self._clock.now_us()) + _LIFE_US,
        )
        text = _sign(encode_text(proposal), self._keys[0], PROPOSAL_TYP)
        told = self._clients[0].post("/v1/proposals", _Proposed(text), Told)
        between()
        if told.state == "proposed":
            approval = Approval(proposal=proposal.id, sha256=_digest(text))
            signed = _sign(encode_text(approval), self._keys[1], APPROVAL_TYP)
            path = f"/v1/proposals/{proposal.id}/approvals"
            told = self._clients[1].post(path, _Approved(signed), Told)
        if told.state != EXECUTED:
            raise ActionRefused(
                f"not carried out: {told.explanation or told.code or told.state}", code=told.code
            )
        return told


def _client(url: str, key: PrivateKey, clock: Clock) -> NodeClient:
    return NodeClient(
        url,
        clock=clock,
        randomness=SystemRandomness(),
        key=key,
        keyid=key_thumbprint(key.public_key),
    )


def _sign(payload: bytes, key: PrivateKey, typ: str) -> str:
    return sign_compact(payload, key, kid=key_thumbprint(key.public_key), typ=typ).decode()


def _digest(text: str) -> str:
    return digest_of(text.rpartition(".")[0].encode())


def _draw() -> bytes:
    return SystemRandomness().draw(16)

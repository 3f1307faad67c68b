# SPDX-License-Identifier: Apache-2.0
"""Whether a signed checkpoint is believed: a policy applied at an instant.

Pure. "One possible policy is to require k valid cosignatures out of n known witnesses"
(tlog-proof, "Verifying a tlog proof"); `policy_of_keys` says just that, and a tlog-policy file any
more complex rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kerege.errors import KeregeError
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.cosignature import TimeRules
from kerege.translog.note import parse_verifier_key
from kerege.translog.policy import Policy
from kerege.translog.policy_text import parse_policy

__all__ = ["ANY_PAST_TIME", "CheckpointPolicy", "PolicyAt", "TrustError", "policy_of_keys"]

ANY_PAST_TIME = TimeRules(max_ahead_s=300)
"""Cosignatures of any age, as for receipts kept for years; five minutes for clocks that differ."""


class TrustError(KeregeError):
    """Keys that make no policy."""


class CheckpointPolicy(Protocol):
    """Decides whether a signed checkpoint is believed."""

    def open_checkpoint(self, note: bytes, /) -> Checkpoint:
        """Return the checkpoint in `note`; raises a `KeregeError` unless it is believed."""
        ...


@dataclass(frozen=True, slots=True)
class PolicyAt:
    """A tlog-policy as it stands at `now_s` (POSIX seconds)."""

    policy: Policy
    now_s: int
    time_rules: TimeRules = ANY_PAST_TIME

    def open_checkpoint(self, note: bytes, /) -> Checkpoint:
        """Return the checkpoint in `note` if a log of the policy and its quorum signed it.

        Raises `NoteError`, `InvalidSignatureError`, `CheckpointError` or `QuorumError`.
        """
        return self.policy.verify_checkpoint(note, now_s=self.now_s, time_rules=self.time_rules)


def policy_of_keys(
    log_key: str, *, witness_keys: Sequence[str] = (), quorum: int | None = None
) -> Policy:
    """Return the policy "this log, seen by `quorum` of these witnesses" (by default all).

    Keys are signed-note vkeys; the log key's name is the log's origin. Raises `KeyEncodingError`,
    `NoteError`, `PolicyTextError`, or `TrustError` for a quorum that cannot be reached.
    """
    needed = len(witness_keys) if quorum is None else quorum
    if not 0 <= needed <= len(witness_keys):
        raise TrustError(f"{needed} of {len(witness_keys)} witnesses cannot be asked for")
    for key in (log_key, *witness_keys):
        # On its own first: a key with a space or a newline in it must not become policy lines.
        parse_verifier_key(key)
    names = [f"w{number}" for number in range(1, len(witness_keys) + 1)]
    lines = [f"log {log_key}"]
    lines += [f"witness {name} {key}" for name, key in zip(names, witness_keys, strict=True)]
    if needed:
        lines += [f"group witnesses {needed} {' '.join(names)}", "quorum witnesses"]
    else:
        lines.append("quorum none")
    return parse_policy("".join(f"{line}\n" for line in lines).encode())

# SPDX-License-Identifier: Apache-2.0
"""Trust policies (C2SP tlog-policy): which logs and which quorum of witnesses to believe.

A policy is a file of lines:

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kerege.errors import KeregeError
from kerege.translog.checkpoint import Checkpoint, parse_checkpoint
from kerege.translog.cosignature import (
    CosignatureError,
    CosignatureVerifier,
    TimeRules,
    read_cosignature_time,
)
from kerege.translog.note import Note, NoteSignature, NoteVerifier, open_note

__all__ = ["NO_QUORUM", "Policy", "PolicyGroup", "PolicyLog", "PolicyWitness", "QuorumError"]

# "The special name `none` is predefined": no cosignature is required.
NO_QUORUM = "none"


class QuorumError(KeregeError):
    """A checkpoint that is not signed by a log of the policy or lacks its quorum of witnesses."""


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log whose checkpoints are accepted; its verifier's name is its origin."""

    verifier: NoteVerifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness under the name the policy's groups use."""

    name: str
    verifier: CosignatureVerifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """A group that has witnessed a checkpoint when `threshold` of its members have."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as `parse_policy` makes it: each name used was defined before."""

    logs: tuple[PolicyLog, ...]
    witnesses: tuple[PolicyWitness, ...]
    groups: tuple[PolicyGroup, ...]
    quorum: str

    def verify_checkpoint(self, note: bytes, *, now_s: int, time_rules: TimeRules) -> Checkpoint:
        """Return the checkpoint of a signed note that meets this policy.

        It is signed by a listed log for that log's own origin, and cosigned by the quorum within
        `time_rules` at `now_s` (POSIX seconds); a cosignature outside them does not count.

        Raises `NoteError`, `InvalidSignatureError`, `CheckpointError` or `QuorumError`.
        """
        opened = open_note(note, self._verifiers())
        checkpoint = parse_checkpoint(opened.text)
        signers = {_key(signature) for signature in opened.signatures}
        if not any(
            log.verifier.name == checkpoint.origin and _key(log.verifier) in signers
            for log in self.logs
        ):
            raise QuorumError("no log of the policy signed this checkpoint", place="log")
        self.check_quorum(self._witnessed(opened, now_s=now_s, time_rules=time_rules))
        return checkpoint

    def check_quorum(self, cosigned: Collection[str]) -> None:
        """Raise `QuorumError` unless the witnesses named in `cosigned` make up the quorum."""
        if self.quorum == NO_QUORUM:
            return
        counted = {witness.name for witness in self.witnesses} & set(cosigned)
        for group in self.groups:
            if len(counted.intersection(group.members)) >= group.threshold:
                counted.add(group.name)
        if self.quorum not in counted:
            names = ", ".join(sorted(set(cosigned))) or "none"
            raise QuorumError(
                f"the quorum is not reached; witnesses that count: {names}",
                place=f"quorum {self.quorum}",
            )

    def _verifiers(self) -> Sequence[NoteVerifier]:
        """Return every key once: one key may be a log's and, in another role, a witness's."""
        verifiers: list[NoteVerifier] = [log.verifier for log in self.logs]
        verifiers.extend(witness.verifier for witness in self.witnesses)
        by_key: Mapping[tuple[str, bytes], NoteVerifier] = {
            _key(verifier): verifier for verifier in verifiers
        }
        return tuple(by_key.values())

    def _witnessed(self, note: Note, *, now_s: int, time_rules: TimeRules) -> set[str]:
        # Only a witness's signature states a time: a log's own begins with any eight bytes.
        names = {_key(witness.verifier): witness.name for witness in self.witnesses}
        return {
            names[_key(signature)]
            for signature in note.signatures
            if _key(signature) in names
            and _is_timely(signature, now_s=now_s, time_rules=time_rules)
        }


def _key(named: NoteVerifier | NoteSignature) -> tuple[str, bytes]:
    return named.name, named.key_id


def _is_timely(signature: NoteSignature, *, now_s: int, time_rules: TimeRules) -> bool:
    try:
        time_rules.check(read_cosignature_time(signature.signature), now_s=now_s)
    except CosignatureError:
        return False
    return True

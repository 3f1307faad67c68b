# SPDX-License-Identifier: Apache-2.0
"""Timestamped cosignatures on checkpoints (C2SP tlog-cosignature), Ed25519 and ML-DSA-44.

Both types share one layout, `timestamped_signature`: 8 bytes of POSIX time, big-endian, then the
algorithm's signature. They differ in the message signed. The Ed25519 message covers extension
lines and not the cosigner's name; the ML-DSA-44 message the other way round.
"""

from dataclasses import dataclass

from kerege.errors import KeregeError
from kerege.keys import InvalidSignatureError, PublicKey, SignatureType, SigningKey
from kerege.keys.note_key import derive_key_id
from kerege.translog.checkpoint import Checkpoint, CheckpointError, parse_checkpoint
from kerege.translog.signature_line import NoteSignature

__all__ = [
    "COSIGNATURE_TYPES",
    "MAX_TIMESTAMP_S",
    "UNTIMED_S",
    "CosignatureError",
    "CosignatureVerifier",
    "Cosigner",
    "TimeRules",
    "TimedCosigner",
    "read_cosignature_time",
]

COSIGNATURE_TYPES = frozenset(
    {SignatureType.COSIGNATURE_ED25519, SignatureType.COSIGNATURE_ML_DSA_44}
)

# "It MUST NOT exceed 2^63 - 1". Seconds since the Epoch.
MAX_TIMESTAMP_S = 2**63 - 1

# The timestamp of an ML-DSA-44 cosignature that "doesn't make any statement as to the tree being
# the largest observed": right for a log's own key, never for a witness.
UNTIMED_S = 0

_TIMESTAMP_BYTES = 8
_SUBTREE_LABEL = b"subtree/v1\n\x00"
# `opaque cosigner_name<1..2^8-1>` and `opaque log_origin<1..2^8-1>`.
_MAX_OPAQUE_BYTES = 255


class CosignatureError(KeregeError):
    """A cosignature that cannot be made, or whose time is not acceptable."""


@dataclass(frozen=True, slots=True)
class TimeRules:
    """When a cosignature's time is acceptable, in seconds either side of the reader's clock.

    `max_ahead_s` allows for clocks that disagree. `max_age_s` of `None` accepts any age, as one
    must for receipts kept for years.
    """

    max_ahead_s: int
    max_age_s: int | None = None

    def check(self, timestamp_s: int, *, now_s: int) -> None:
        """Raise `CosignatureError` unless `timestamp_s` is stated and within the rules."""
        if timestamp_s == UNTIMED_S:
            raise CosignatureError("the cosignature states no time")
        if timestamp_s > now_s + self.max_ahead_s:
            raise CosignatureError(
                f"the cosignature's time is {timestamp_s - now_s} s in the future",
                remedy="compare this machine's clock with the cosigner's",
            )
        if self.max_age_s is not None and timestamp_s < now_s - self.max_age_s:
            raise CosignatureError(f"the cosignature is {now_s - timestamp_s} s old")


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A named key that cosigns checkpoints. Raises `CosignatureError` if it cannot."""

    name: str
    signature_type: SignatureType
    key: SigningKey

    def __post_init__(self) -> None:
        if self.signature_type not in COSIGNATURE_TYPES:
            raise CosignatureError(f"type 0x{self.signature_type:02x} is not a cosignature type")
        if self.key.public_key.algorithm is not self.signature_type.algorithm:
            raise CosignatureError(
                f"cosignature type 0x{self.signature_type:02x} needs an "
                f"{self.signature_type.algorithm} key"
            )
        if self.signature_type is SignatureType.COSIGNATURE_ML_DSA_44:
            _opaque(self.name, what="cosigner's name")

    def check_origin(self, origin: str) -> None:
        """Raise `CosignatureError` if no checkpoint of this origin can be cosigned."""
        if self.signature_type is SignatureType.COSIGNATURE_ML_DSA_44:
            _opaque(origin, what="log's origin")

    @property
    def key_id(self) -> bytes:
        """The key's 4-byte ID."""
        return derive_key_id(self.name, self.signature_type, self.key.public_key)

    def cosign(self, text: str, *, timestamp_s: int) -> NoteSignature:
        """Cosign a checkpoint's note text as of `timestamp_s` (POSIX seconds).

        Raises `CheckpointError` if the text is not a checkpoint and `CosignatureError` if the
        type cannot express it.
        """
        message = _message(self.signature_type, self.name, timestamp_s, text)
        stamped = timestamp_s.to_bytes(_TIMESTAMP_BYTES) + self.key.sign(message)
        return NoteSignature(name=self.name, key_id=self.key_id, signature=stamped)

    def at(self, timestamp_s: int) -> "TimedCosigner":
        """Return a note signer that cosigns as of `timestamp_s`."""
        return TimedCosigner(cosigner=self, timestamp_s=timestamp_s)


@dataclass(frozen=True, slots=True)
class TimedCosigner:
    """A `NoteSigner` that cosigns as of one instant."""

    cosigner: Cosigner
    timestamp_s: int

    @property
    def name(self) -> str:
        """The key's name."""
        return self.cosigner.name

    @property
    def key_id(self) -> bytes:
        """The key's 4-byte ID."""
        return self.cosigner.key_id

    def sign(self, text: str) -> NoteSignature:
        """Cosign a checkpoint's note text."""
        return self.cosigner.cosign(text, timestamp_s=self.timestamp_s)


@dataclass(frozen=True, slots=True)
class CosignatureVerifier:
    """A `NoteVerifier` of one cosigner's cosignatures, of either type."""

    name: str
    key_id: bytes
    signature_type: SignatureType
    public_key: PublicKey

    def verify(self, text: str, signature: bytes) -> None:
        """Return if `signature` is over `text` at the time it states.

        Whether that time is acceptable is the caller's `TimeRules`. Raises
        `InvalidSignatureError`, also if `text` is not a checkpoint.
        """
        timestamp_s = read_cosignature_time(signature)
        try:
            message = _message(self.signature_type, self.name, timestamp_s, text)
        except (CheckpointError, CosignatureError) as error:
            raise InvalidSignatureError(
                f"no cosignature can be on this text: {error.message}"
            ) from error
        self.public_key.verify(message, signature[_TIMESTAMP_BYTES:])


def read_cosignature_time(signature: bytes) -> int:
    """Return the POSIX time in seconds a cosignature states (`UNTIMED_S` if none).

    Raises `InvalidSignatureError` if the time is missing or above 2**63 - 1.
    """
    if len(signature) < _TIMESTAMP_BYTES:
        raise InvalidSignatureError("a cosignature starts with 8 bytes of time")
    timestamp_s = int.from_bytes(signature[:_TIMESTAMP_BYTES])
    if timestamp_s > MAX_TIMESTAMP_S:
        raise InvalidSignatureError("a cosignature's time is at most 2**63 - 1")
    return timestamp_s


def _message(signature_type: SignatureType, name: str, timestamp_s: int, text: str) -> bytes:
    if not 0 <= timestamp_s <= MAX_TIMESTAMP_S:
        raise CosignatureError("a cosignature's time is from 0 to 2**63 - 1 seconds")
    checkpoint = parse_checkpoint(text)
    if signature_type is SignatureType.COSIGNATURE_ML_DSA_44:
        return _subtree_message(name, timestamp_s, checkpoint)
    if timestamp_s == UNTIMED_S:
        raise CosignatureError("an Ed25519 cosignature states its time")
    return f"cosignature/v1\ntime {timestamp_s}\n{text}".encode()


def _subtree_message(name: str, timestamp_s: int, checkpoint: Checkpoint) -> bytes:
    """Return `cosigned_message` for a whole tree: start 0, end its size."""
    return b"".join(
        (
            _SUBTREE_LABEL,
            _opaque(name, what="cosigner's name"),
            timestamp_s.to_bytes(8),
            _opaque(checkpoint.origin, what="log's origin"),
            (0).to_bytes(8),
            checkpoint.size.to_bytes(8),
            checkpoint.root,
        )
    )


def _opaque(text: str, *, what: str) -> bytes:
    encoded = text.encode()
    if not 1 <= len(encoded) <= _MAX_OPAQUE_BYTES:
        raise CosignatureError(
            f"an ML-DSA-44 cosignature needs a {what} of 1 to {_MAX_OPAQUE_BYTES} bytes"
        )
    return len(encoded).to_bytes(1) + encoded

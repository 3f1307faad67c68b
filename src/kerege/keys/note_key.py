# SPDX-License-Identifier: Apache-2.0
"""Keys with a name, as C2SP signed-note writes them: vkey and skey text.

A verifier key (vkey, signed-note "Verifier keys") is

    <name>+<key ID, 8 hex digits>+base64(<signature type, 1 byte> || <public key>)

A signer key (skey) is the same with `PRIVATE+KEY+` before it and the 32-byte secret in place of
the public key. C2SP leaves skeys open; for type 0x01 this is the text Go's `sumdb/note` reads,
and the cosignature types follow the same pattern.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum, unique

from kerege.keys.algorithm import Algorithm
from kerege.keys.canonical_base64 import decode_base64, encode_base64
from kerege.keys.errors import KeyEncodingError
from kerege.keys.private import PrivateKey
from kerege.keys.public import PublicKey

__all__ = [
    "MAX_KEY_TEXT_CHARS",
    "NamedPrivateKey",
    "NamedPublicKey",
    "SignatureType",
    "check_key_name",
    "derive_key_id",
]

# An ML-DSA-44 vkey is 1752 digits of base64, a name and 10 more characters.
MAX_KEY_TEXT_CHARS = 4096

KEY_ID_BYTES = 4
_KEY_ID_TEXT = re.compile(r"[0-9a-f]{8}", re.ASCII)
_SKEY_PREFIX = "PRIVATE+KEY+"


@unique
class SignatureType(IntEnum):
    """Signature type identifier bytes (signed-note, "Signature types")."""

    ED25519 = 0x01
    COSIGNATURE_ED25519 = 0x04
    COSIGNATURE_ML_DSA_44 = 0x06

    @property
    def algorithm(self) -> Algorithm:
        """The algorithm of keys that make this type of signature."""
        if self is SignatureType.COSIGNATURE_ML_DSA_44:
            return Algorithm.ML_DSA_44
        return Algorithm.ED25519


def check_key_name(name: str) -> None:
    """Raise `KeyEncodingError` unless `name` may stand in a signature line.

    "Key names MUST be non-empty and MUST NOT contain any Unicode spaces or plus (U+002B)
    characters", and a note holds no control characters below U+0020 but newline.
    """
    if not name:
        raise KeyEncodingError("a key name must not be empty")
    if any(char == "+" or char < " " or char.isspace() for char in name):
        raise KeyEncodingError("a key name must not contain spaces, plus or control characters")
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise KeyEncodingError("a key name must be valid Unicode") from error


def derive_key_id(name: str, signature_type: SignatureType, public_key: PublicKey) -> bytes:
    """Return the 4-byte key ID: SHA-256(name || 0x0A || signature type || public key)[:4]."""
    material = bytes([signature_type]) + public_key.encoded
    return hashlib.sha256(name.encode() + b"\n" + material).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class NamedPublicKey:
    """A public key, its name and the one type of signature it verifies.

    Raises `KeyEncodingError` if the name is not allowed or the key is of another algorithm.
    """

    name: str
    signature_type: SignatureType
    public_key: PublicKey

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if self.public_key.algorithm is not self.signature_type.algorithm:
            raise KeyEncodingError(
                f"signature type 0x{self.signature_type:02x} needs an "
                f"{self.signature_type.algorithm} key, not {self.public_key.algorithm}"
            )

    @property
    def key_id(self) -> bytes:
        """The 4-byte key ID that stands before this key's signatures."""
        return derive_key_id(self.name, self.signature_type, self.public_key)

    def to_vkey(self) -> str:
        """Return the verifier key text, without a newline."""
        material = bytes([self.signature_type]) + self.public_key.encoded
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(material)}"

    @classmethod
    def from_vkey(cls, vkey: str) -> "NamedPublicKey":
        """Parse a verifier key, checking that its key ID is the one its parts give.

        Raises `KeyEncodingError`.
        """
        name, key_id, signature_type, encoded = _split_key_text(vkey, kind="verifier key")
        public_key = PublicKey(signature_type.algorithm, encoded)
        key = cls(name=name, signature_type=signature_type, public_key=public_key)
        _check_key_id(key, key_id)
        return key


@dataclass(frozen=True, slots=True)
class NamedPrivateKey:
    """A private key, its name and the one type of signature it makes."""

    name: str
    signature_type: SignatureType
    private_key: PrivateKey

    def __post_init__(self) -> None:
        self.public  # noqa: B018 - building the public half checks name and algorithm

    @property
    def public(self) -> NamedPublicKey:
        """The half to give away."""
        return NamedPublicKey(
            name=self.name,
            signature_type=self.signature_type,
            public_key=self.private_key.public_key,
        )

    def reveal_skey(self) -> str:
        """Return the signer key text, to be written to a key file and nowhere else."""
        material = bytes([self.signature_type]) + self.private_key.reveal_secret()
        return f"{_SKEY_PREFIX}{self.name}+{self.public.key_id.hex()}+{encode_base64(material)}"

    @classmethod
    def from_skey(cls, skey: str) -> "NamedPrivateKey":
        """Parse a signer key. Raises `KeyEncodingError`, which never quotes the text."""
        if not skey.startswith(_SKEY_PREFIX):
            raise KeyEncodingError(f"a signer key starts with {_SKEY_PREFIX}")
        name, key_id, signature_type, secret = _split_key_text(
            skey.removeprefix(_SKEY_PREFIX), kind="signer key"
        )
        private_key = PrivateKey(signature_type.algorithm, secret)
        key = cls(name=name, signature_type=signature_type, private_key=private_key)
        _check_key_id(key.public, key_id)
        return key


def _split_key_text(text: str, *, kind: str) -> tuple[str, bytes, SignatureType, bytes]:
    if len(text) > MAX_KEY_TEXT_CHARS:
        raise KeyEncodingError(f"a {kind} has at most {MAX_KEY_TEXT_CHARS} characters")
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise KeyEncodingError(f"a {kind} has three parts: name+id+base64")
    name, key_id, material = parts
    if not _KEY_ID_TEXT.fullmatch(key_id):
        raise KeyEncodingError(f"the ID of a {kind} is 8 lowercase hex digits")
    decoded = decode_base64(material)
    try:
        signature_type = SignatureType(decoded[0])
    except (IndexError, ValueError) as error:
        known = ", ".join(f"0x{known:02x}" for known in SignatureType)
        raise KeyEncodingError(f"the {kind} is of a type not known here ({known})") from error
    return name, bytes.fromhex(key_id), signature_type, decoded[1:]


def _check_key_id(key: NamedPublicKey, key_id: bytes) -> None:
    if key.key_id != key_id:
        raise KeyEncodingError(
            f"the key's ID is {key_id.hex()} but its name and key give {key.key_id.hex()}",
            remedy="copy the key again from its owner: some part of it was changed",
        )

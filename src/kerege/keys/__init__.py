# SPDX-License-Identifier: Apache-2.0
"""Keys and signatures: the only room that sees private keys.

>>> key = PrivateKey(Algorithm.ED25519, bytes(32))
>>> key.public_key.verify(b"tea", key.sign(b"tea"))
>>> key
PrivateKey(secret hidden, public_key=PublicKey(ed25519, 3b6a27bc...))
"""

from kerege.keys.algorithm import Algorithm
from kerege.keys.base64url import decode_base64url, encode_base64url
from kerege.keys.canonical_base64 import decode_base64, encode_base64
from kerege.keys.errors import (
    InvalidSignatureError,
    JwsEncodingError,
    KeyEncodingError,
    KeyFileError,
    SealBrokenError,
)
from kerege.keys.files import (
    SALT_KEY_BYTES,
    load_note_key,
    load_private_key,
    load_root_secret,
    load_salt_key,
    load_sealed_key,
    save_note_key,
    save_private_key,
    save_root_secret,
    save_salt_key,
    save_sealed_key,
)
from kerege.keys.jwk import MAX_JWK_BYTES, Jwk, format_jwk, key_thumbprint, parse_jwk
from kerege.keys.jws import (
    MAX_COMPACT_BYTES,
    JwsHeader,
    UnverifiedJws,
    parse_compact,
    sign_compact,
    verify_compact,
)
from kerege.keys.jws_batch import BatchVerifier, SignatureClaim, Verifier
from kerege.keys.jws_processes import ProcessVerifier, VerifierFailed
from kerege.keys.note_key import NamedPrivateKey, NamedPublicKey, SignatureType, check_key_name
from kerege.keys.private import PrivateKey, SigningKey
from kerege.keys.public import PublicKey
from kerege.keys.secret import SECRET_BYTES, IndexKey, RootSecret, SealingKey

__all__ = [
    "MAX_COMPACT_BYTES",
    "MAX_JWK_BYTES",
    "SALT_KEY_BYTES",
    "SECRET_BYTES",
    "Algorithm",
    "BatchVerifier",
    "IndexKey",
    "InvalidSignatureError",
    "Jwk",
    "JwsEncodingError",
    "JwsHeader",
    "KeyEncodingError",
    "KeyFileError",
    "NamedPrivateKey",
    "NamedPublicKey",
    "PrivateKey",
    "ProcessVerifier",
    "PublicKey",
    "RootSecret",
    "SealBrokenError",
    "SealingKey",
    "SignatureClaim",
    "SignatureType",
    "SigningKey",
    "UnverifiedJws",
    "Verifier",
    "VerifierFailed",
    "check_key_name",
    "decode_base64",
    "decode_base64url",
    "encode_base64",
    "encode_base64url",
    "format_jwk",
    "key_thumbprint",
    "load_note_key",
    "load_private_key",
    "load_root_secret",
    "load_salt_key",
    "load_sealed_key",
    "parse_compact",
    "parse_jwk",
    "save_note_key",
    "save_private_key",
    "save_root_secret",
    "save_salt_key",
    "save_sealed_key",
    "sign_compact",
    "verify_compact",
]

# SPDX-License-Identifier: Apache-2.0
"""A programme's terms as its funder signed them. Pure."""

from msgspec import Struct

from kerege.keys import (
    JwsEncodingError,
    PublicKey,
    UnverifiedJws,
    parse_compact,
    verify_compact,
)
from kerege.programmes.checking import check_sound
from kerege.programmes.document import (
    PROGRAMME_TYP,
    MalformedProgramme,
    Programme,
    decode_programme,
)
from kerege.programmes.reading import read_programme

__all__ = ["SignedTerms", "check_terms", "parse_terms", "verify_terms"]


class SignedTerms(Struct, frozen=True):
    """Terms whose signature nobody has checked yet; `kid` is the key they name."""

    programme: Programme
    kid: str
    jws: UnverifiedJws


def parse_terms(text: bytes) -> SignedTerms:
    """Read a compact JWS over a programme document; raises `MalformedProgramme`."""
    try:
        jws = parse_compact(text)
    except JwsEncodingError as fault:
        raise MalformedProgramme(
            f"the terms are not a compact JWS: {fault.message}",
            remedy=f"sign the document as {PROGRAMME_TYP}",
        ) from None
    return SignedTerms(decode_programme(jws.payload), jws.header.kid or "", jws)


def check_terms(signed: SignedTerms) -> None:
    """Check that the terms make sense, beyond their form, and that nothing in them is an error
    for sure (money that gets stuck, a route nothing takes); raises `MalformedProgramme`.

    Not when terms in force are read: what was once agreed is not unmade by a stricter program.
    """
    check_sound(read_programme(signed.jws.payload))


def verify_terms(signed: SignedTerms, key: PublicKey) -> None:
    """Check who signed; raises `InvalidSignatureError`."""
    verify_compact(signed.jws, key, kid=signed.kid, typ=PROGRAMME_TYP)

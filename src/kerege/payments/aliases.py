# SPDX-License-Identifier: Apache-2.0
"""Aliases: what people know each other by, in the one form the national directory is asked with.

A telephone number, a tax number, a card's token or a nickname. Whoever asks the directory sends a
keyed digest of `Alias.canonical`, so both sides must come to the same bytes, whatever was typed.
Pure.
"""

import re
import unicodedata
from typing import Final, Literal

from msgspec import Struct

from kerege.errors import KeregeError
from kerege.payments.names import MalformedNickname, normalise_nickname, skeleton_of

__all__ = [
    "MAX_ALIAS_CHARS",
    "Alias",
    "AliasKind",
    "MalformedAlias",
    "Numbering",
    "normalise_alias",
    "normalise_card_token",
    "normalise_phone",
    "normalise_tax_number",
    "parse_alias",
]

AliasKind = Literal["phone", "tax", "card", "nickname"]

MAX_ALIAS_CHARS: Final = 140
"""Characters of what is typed: no alias in any form is longer."""

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
"""ITU-T E.164: at most fifteen digits, the country's code first."""

_FILLERS: Final = re.compile(r"[ ().\u2010-\u2013-]")
_TAX: Final = re.compile(r"[0-9]{6,20}", re.ASCII)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)
_TOKEN_PREFIX: Final = "card:"  # noqa: S105 (names a kind of alias)
_LARGEST_DIGIT: Final = 9
_MASK: Final = "****"
_SHOWN_CHARS: Final = 4
"""Of a card's token: enough to tell one's cards apart, as cards do everywhere."""


class MalformedAlias(KeregeError):
    """A text is no alias. The message never repeats it: it may be somebody's number."""


class Numbering(Struct, frozen=True, kw_only=True):
    """How a country writes numbers; from its profile.

    `phone_prefix` is `+` and the country's code, followed by `phone_digits` digits; `trunk` is what
    people dial inside the country instead. Tax numbers have `tax_digits`; if there are
    `check_weights`, the last digit is the weighted sum of the others modulo `check_modulus`, by
    the first weights that give one digit.
    """

    phone_prefix: str
    phone_digits: int
    trunk: str = ""
    tax_digits: int = 12
    check_modulus: int = 0
    check_weights: tuple[tuple[int, ...], ...] = ()


class Alias(Struct, frozen=True):
    """An alias: its kind, the value the directory knows, and how its owner writes it."""

    kind: AliasKind
    value: str
    shown: str

    @property
    def canonical(self) -> bytes:
        """The bytes whose keyed digest is the directory's tag."""
        return f"{self.kind}:{self.value}".encode()

    def __repr__(self) -> str:
        """The kind alone: a repr ends up in logs."""
        return f"Alias({self.kind}, hidden)"


def parse_alias(text: str, numbering: Numbering) -> Alias:
    """Whatever kind of alias `text` is. Raises `MalformedAlias`.

    `card:` begins a card's token, digits alone in the length of a tax number are one, `+` or other
    digits are a telephone number, `@` or a letter begins a nickname.
    """
    typed = _plain(text)
    if typed.startswith(_TOKEN_PREFIX):
        return normalise_card_token(typed)
    digits = typed.isdigit() and typed.isascii()
    if digits and len(typed) == numbering.tax_digits:
        return normalise_tax_number(typed, numbering)
    if typed[0] in "+(" or typed[0].isdecimal():
        return normalise_phone(typed, numbering)
    return _nickname(typed)


def normalise_alias(kind: AliasKind, text: str, numbering: Numbering) -> Alias:
    """`text` as an alias of one kind. Raises `MalformedAlias`."""
    match kind:
        case "phone":
            return normalise_phone(text, numbering)
        case "tax":
            return normalise_tax_number(text, numbering)
        case "card":
            return normalise_card_token(text)
        case "nickname":
            return _nickname(_plain(text))


def normalise_phone(text: str, numbering: Numbering) -> Alias:
    """A telephone number as E.164; numbers without `+` are the country's own.

    Raises `MalformedAlias`.
    """
    number = _FILLERS.sub("", _plain(text))
    national = numbering.phone_digits
    if not number.startswith("+"):
        trunk = numbering.trunk
        if trunk and number.startswith(trunk) and len(number) == len(trunk) + national:
            number = number.removeprefix(trunk)
        code = numbering.phone_prefix.removeprefix("+")
        whole = number.startswith(code) and len(number) == len(code) + national
        number = f"+{number}" if whole else f"{numbering.phone_prefix}{number}"
    prefix = numbering.phone_prefix
    # A foreign number may begin alike (+7 is of two countries), but is never longer or shorter.
    own = not number.startswith(prefix) or len(number) == len(prefix) + national
    if _E164.fullmatch(number) is None or not own:
        raise _fault("not a telephone number", f"write it like {prefix}{'0' * national}")
    return Alias("phone", number, number)


def normalise_tax_number(text: str, numbering: Numbering) -> Alias:
    """A tax number of the country, its check digit verified. Raises `MalformedAlias`."""
    number = _plain(text).replace(" ", "")
    if _TAX.fullmatch(number) is None or len(number) != numbering.tax_digits:
        raise _fault("not a tax number", f"it has {numbering.tax_digits} digits")
    if numbering.check_weights and _check_digit(number[:-1], numbering) != number[-1]:
        raise _fault("not a tax number", "a digit is mistyped")
    return Alias("tax", number, number)


def normalise_card_token(text: str) -> Alias:
    """A card's token: a bank card's as its bank drew it, never the number embossed on it; any other
    card's number with its scheme's name before it (`transit-9643108001234567`).

    Only its end is ever shown. Raises `MalformedAlias`.
    """
    token = _plain(text).removeprefix(_TOKEN_PREFIX)
    if _TOKEN.fullmatch(token) is None or token.replace("-", "").isdigit():
        raise _fault("not a card's token", "give the token, not the card's number")
    return Alias("card", token, f"{_MASK}{token[-_SHOWN_CHARS:]}")


def _nickname(text: str) -> Alias:
    try:
        name = normalise_nickname(text)
    except MalformedNickname as fault:
        raise _fault("not a nickname", fault.remedy) from None
    return Alias("nickname", skeleton_of(name), f"@{name}")


def _plain(text: str) -> str:
    """Compatibility forms folded (full-width digits and the like), nothing around."""
    plain = unicodedata.normalize("NFKC", text[: MAX_ALIAS_CHARS + 1]).strip()
    if not plain or len(plain) > MAX_ALIAS_CHARS:
        raise _fault("not an alias", f"it has 1 to {MAX_ALIAS_CHARS} characters")
    return plain


def _check_digit(digits: str, numbering: Numbering) -> str:
    for weights in numbering.check_weights:
        if len(weights) != len(digits):
            continue
        total = sum(int(d) * w for d, w in zip(digits, weights, strict=True))
        if (rest := total % numbering.check_modulus) <= _LARGEST_DIGIT:
            return str(rest)
    return ""


def _fault(what: str, remedy: str) -> MalformedAlias:
    return MalformedAlias(what, remedy=remedy)

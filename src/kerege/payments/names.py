# SPDX-License-Identifier: Apache-2.0
"""Names people choose and read: nicknames nobody can imitate, names that show what they are. Pure.

After Unicode Technical Standard 39: one script a nickname, nothing invisible, nothing that turns
the direction of writing, and a skeleton in which letters that look alike are one. Two nicknames
with one skeleton are the same nickname, so the look-alike of a taken one is taken.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Final

from kerege.errors import KeregeError

__all__ = [
    "MAX_NICKNAME_CHARS",
    "MAX_SHOWN_CHARS",
    "MIN_NICKNAME_CHARS",
    "MalformedNickname",
    "mask_name",
    "normalise_nickname",
    "shown_name",
    "skeleton_of",
]

MIN_NICKNAME_CHARS: Final = 3
"""Shorter ones are too few, and sold rather than chosen."""

MAX_NICKNAME_CHARS: Final = 32
"""Characters of a nickname: it is read aloud and typed."""

MAX_SHOWN_CHARS: Final = 140
"""Characters of a name on a screen, as ISO 20022 bounds a party's name (Max140Text)."""

_MAX_INPUT_CHARS: Final = 4 * MAX_SHOWN_CHARS
"""Compatibility forms unfold: what is longer than this is no name in any form."""

_MAX_MARKS: Final = 2
"""Accents on one letter: Vietnamese writes two; a dozen are there to deface a screen."""

_SCRIPTS: Final = (("a", "z"), ("\u00df", "\u024f"), ("\u0430", "\u052f"), ("\u0620", "\u06d3"))
_NAMES_OF_SCRIPTS: Final = ("Latin", "Latin", "Cyrillic", "Arabic")
"""Kazakh and Kyrgyz are written in all three. Without the phonetic alphabets above them, which
are look-alikes of everything."""

_DIGITS: Final = "0123456789"
_SEPARATORS: Final = "._"
_SEPARATORS_IN_A_ROW: Final = frozenset(_SEPARATORS)

# Letters that print like a Latin one, or like another of their own script, after case folding.
# Kazakh letters stand with the Russian ones they are typed as where a keyboard has none.
_LOOKS_LIKE: Final = str.maketrans(
    {
        "а": "a", "ә": "a", "в": "b", "ь": "b", "е": "e", "һ": "h", "н": "h", "ң": "h", "і": "i",
        "ј": "j", "к": "k", "қ": "k", "ҡ": "k", "м": "m", "о": "o", "ө": "o", "р": "p", "с": "c",
        "т": "t", "у": "y", "ү": "y", "ұ": "y", "х": "x", "ѕ": "s", "ԁ": "d", "ԛ": "q", "ԝ": "w",
        "ѵ": "v", "г": "r", "ғ": "r", "п": "n", "з": "3", "б": "6", "ӏ": "l", "ı": "i", "1": "l",
        "0": "o", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ى": "ي", "ی": "ي", "ک": "ك", "ە": "ه",
    }
)  # fmt: skip

# What draws nothing, or turns what stands around it: controls, joiners, bidirectional marks,
# variation selectors, tags, private use, lone surrogates.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
"""Letters and marks that print nothing though their category does not say so."""

_SPACES: Final = re.compile(r"\s+")


class MalformedNickname(KeregeError):
    """A text cannot be a nickname."""


def normalise_nickname(text: str) -> str:
    """The nickname in the one form it is kept and shown in. Raises `MalformedNickname`.

    3 to 32 letters of one script, digits, single `.` or `_` between them, a letter first; without
    accents that are not part of a letter.
    """
    if len(text) > _MAX_INPUT_CHARS:
        raise _fault(f"at most {MAX_NICKNAME_CHARS} characters")
    name = unicodedata.normalize("NFKC", text.removeprefix("@").casefold())
    # Case folding may undo the composed form, and composing bring letters that fold on.
    name = unicodedata.normalize("NFKC", name.casefold())
    if not MIN_NICKNAME_CHARS <= len(name) <= MAX_NICKNAME_CHARS:
        raise _fault(f"{MIN_NICKNAME_CHARS} to {MAX_NICKNAME_CHARS} characters")
    scripts = {_script_of(char) for char in name if char not in _DIGITS + _SEPARATORS}
    if len(scripts) > 1:
        raise _fault("letters of one script only")
    if name[0] in _DIGITS + _SEPARATORS or name[-1] in _SEPARATORS:
        raise _fault("a letter first, and a letter or digit last")
    if any({*pair} <= _SEPARATORS_IN_A_ROW for pair in pairwise(name)):
        raise _fault("no two of . and _ in a row")
    return name


def skeleton_of(nickname: str) -> str:
    """What a normalised nickname looks like: equal for nicknames a reader could take for each
    other. Separators do not count."""
    bare = unicodedata.normalize("NFD", nickname)
    base = (char for char in bare if not unicodedata.combining(char) and char not in _SEPARATORS)
    return "".join(base).translate(_LOOKS_LIKE).replace("rn", "m").replace("vv", "w")


def shown_name(text: str) -> str:
    """A stranger's name (a shop's in a QR code, a payee's from another bank) made safe to show.

    Never raises: what is invisible or turns writing round is left out, blanks are single, heaps of
    accents are cut, and what is longer than `MAX_SHOWN_CHARS` ends in an ellipsis.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", text[: 2 * _MAX_INPUT_CHARS]):
        category = unicodedata.category(char)
        if char.isspace():
            char, category = " ", "Zs"
        if category in _UNSEEN or char in _BLANK or _is_selector(char):
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= _MAX_MARKS:
            kept.append(char)
    name = _SPACES.sub(" ", "".join(kept)).strip()
    return name if len(name) <= MAX_SHOWN_CHARS else f"{name[: MAX_SHOWN_CHARS - 1]}…"


def mask_name(name: str) -> str:
    """What a payer may see of a person's name: `А*** Қ.` of `Айгүл Қасымова`.

    The first letter of the first word and of the last; of one word its first letter. How long a
    name is, it does not say.
    """
    words = [word for word in shown_name(name).split(" ") if any(map(str.isalpha, word))]
    if not words:
        return ""
    first = f"{_initial(words[0])}***"
    return first if len(words) == 1 else f"{first} {_initial(words[-1])}."


def _initial(word: str) -> str:
    letter = next(char for char in word if char.isalpha())
    return unicodedata.normalize("NFC", letter.upper())


def _script_of(char: str) -> str:
    # No modifier letters (the Arabic tatweel only stretches the letter before it), and of Latin no
    # letters without case: those are African clicks, which look like an exclamation mark.
    category = unicodedata.category(char)
    for (first, last), script in zip(_SCRIPTS, _NAMES_OF_SCRIPTS, strict=True):
        if first <= char <= last and category == ("Lo" if script == "Arabic" else "Ll"):
            return script
    raise _fault("letters of the Latin, Cyrillic or Arabic script, digits, . and _ only")


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _fault(what: str) -> MalformedNickname:
    return MalformedNickname("this cannot be a nickname", remedy=what)

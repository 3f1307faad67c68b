# SPDX-License-Identifier: Apache-2.0
"""Names as sounds: one form for a name however it is spelt in Cyrillic or Latin letters. Pure.

Passports, lists and people spell one name in many ways: Қайрат, Кайрат, Kairat, Qayrat, Khairat.
Here each word becomes a word of few letters that most spellings share; small differences that
remain are measured by `screening_matching`. The form is for comparing and says nothing of how a
name is rightly written.
"""

import re
import unicodedata
from typing import Final

__all__ = ["MAX_NAME_CHARS", "MAX_WORDS", "MAX_WORD_CHARS", "sound_words"]

MAX_NAME_CHARS: Final = 300
"""Characters of a name that are looked at: lists have names of some 150."""

MAX_WORDS: Final = 12
MAX_WORD_CHARS: Final = 24
"""Words and their letters that are compared; time grows with their squares."""

_CYRILLIC: Final = str.maketrans(
    {
        "а": "a",
        "ә": "a",
        "б": "b",
        "в": "v",
        "г": "g",
        "ғ": "g",
        "ґ": "g",
        "д": "d",
        "е": "e",
        "ё": "io",
        "є": "e",
        "ж": "zh",
        "з": "z",
        "и": "i",
        "й": "i",
        "і": "i",
        "ї": "i",
        "к": "k",
        "қ": "k",
        "л": "l",
        "м": "m",
        "н": "n",
        "ң": "n",
        "о": "o",
        "ө": "o",
        "п": "p",
        "р": "r",
        "с": "s",
        "т": "t",
        "у": "u",
        "ұ": "u",
        "ү": "u",
        "ў": "u",
        "ф": "f",
        "х": "kh",
        "һ": "kh",
        "ҳ": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ы": "i",
        "ь": "",
        "э": "e",
        "ю": "iu",
        "я": "ia",
        "ҷ": "zh",
        "ӣ": "i",
        "ӯ": "u",
    }
)

_LATIN: Final = str.maketrans(
    {
        "ş": "sh",
        "ș": "sh",
        "š": "sh",
        "ç": "ch",
        "č": "ch",
        "ć": "ch",
        "ž": "zh",
        "ğ": "g",
        "ı": "i",
        "ə": "a",
        "æ": "a",
        "ø": "o",
        "œ": "o",
        "ß": "ss",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ŋ": "n",
        "ñ": "n",
        "'": "",
        "’": "",
        "ʼ": "",
        "ʻ": "",
        "`": "",
        "‘": "",
    }
)

# In this order; capitals stand for one sound each, so that nothing below takes them apart.
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("tsch", "C"),
        ("shch|sch|sh", "S"),
        ("tch|ch", "C"),
        ("dzh|dj|zh", "J"),
        ("kh|gh(?=[^aeiou]|$)", "h"),
        ("gh", "g"),
        ("ph", "f"),
        ("th", "t"),
        ("ck|q|c(?![eiy])", "k"),
        ("c", "s"),
        ("x", "ks"),
        ("w", "v"),
        ("tz", "ts"),
        ("ou|oo", "u"),
        ("j(?=[aeiou])", "J"),
        ("[jy]", "i"),
        ("ng(?=[^aeiou]|$)", "n"),
        ("i+(?=[aeou])", ""),
        # Last, for what went may have brought two together.
        (r"(.)\1+", r"\1"),
    )
)

_FATHERS: Final = re.compile(
    r"(?<=[a-zA-Z]{3})(ovna|evna|ovich|evich|oviC|eviC|kizi|gizi|uli|ogli|oglu)$"
)
"""How father's names end: Қайратқызы, Кайратовна and Kairatkyzy name one father."""

_PARTICLES: Final = frozenset(
    {"kyzy", "kizi", "qizi", "qyzy", "gizi", "uly", "uli", "ogly", "ogli", "oglu", "ugli", "zade"}
    | {"bin", "ibn", "bint", "al", "el", "ul", "von", "van", "de", "da", "di", "la", "le"}
    # Forms of firms say nothing of which firm.
    | {"too", "ao", "ooo", "ip", "zhshs", "aq", "ak", "llp", "llc", "jsc", "ltd", "inc", "gmbh"}
)


def sound_words(name: str) -> tuple[str, ...]:
    """The words of a name as sounds, in their order; at most `MAX_WORDS`.

    Empty for a text without letters or digits. Never raises; takes time in proportion to
    `MAX_NAME_CHARS`, whatever the text.
    """
    words = _split(name)
    # A name of particles alone is a name after all.
    kept = [word for word in words if word not in _PARTICLES] or words
    return tuple(filter(None, map(_sound, kept[:MAX_WORDS])))


def _split(name: str) -> list[str]:
    folded = unicodedata.normalize("NFC", name[:MAX_NAME_CHARS]).casefold()
    # First the letters that are not just an accent on another one: й is no и.
    plain = folded.translate(_CYRILLIC).translate(_LATIN)
    bare = unicodedata.normalize("NFKD", plain)
    letters = (char for char in bare if not unicodedata.combining(char))
    return re.findall(r"[^\W_]+", "".join(letters))


def _sound(word: str) -> str:
    word = word[: 2 * MAX_WORD_CHARS]
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return _FATHERS.sub("", word)[:MAX_WORD_CHARS]

# SPDX-License-Identifier: Apache-2.0
"""Nothing but a profile knows a country: no other part of the program has one's words in it.

Docstrings and comments may name a country for an example; what runs may not.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.house import sight
from tests.house.tree import SourceFile, source_files, text_files

KNOW_COUNTRIES = (
    "src/kerege/money",  # ISO 4217, signs of currencies, examples in remedies
    "src/kerege/qr",  # schemes of countries
    "src/kerege/bank/core_twin.py",  # twins in memory: a country of their own
    "src/kerege/wallet/memory_bank.py",
    "src/kerege/sandbox/profiles",
    "src/kerege/sandbox/accounting",  # cases for accounting programs, in one country's money
    "src/kerege/sandbox/tour.py",  # the demo, one country's by design
    "src/kerege/cli/demo.py",
    "src/kerege/cli/up.py",  # which country comes up unless told
    "src/kerege/cli/usual.py",  # which money, likewise
)

WORDS = re.compile(
    r"\b(?:KZT|KGS|kz|kg|kaz|kgz|tenge|tiyn|tyiyn)\b"
    r"|\+7\b|\+996\b|₸"
    r"|(?i:kazakhstan|kyrgyzstan|almaty|astana|bishkek|тенге|теңге|казахстан|кыргызстан|қазақстан)"
)


def strings_of(file: SourceFile) -> Iterator[tuple[int, str]]:
    """What is said in a file, but for Python's comments and docstrings, with its line."""
    if file.path.suffix != ".py":
        yield from enumerate(file.text.splitlines(), start=1)
        return
    prose = sight.docstrings(file.tree)
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose:
            yield node.lineno, node.value


def countries_in(file: SourceFile) -> list[str]:
    """One line for each word of a country."""
    return [
        f"{file.path}:{line}: {found[0]}: take it from the country's profile"
        for line, text in strings_of(file)
        if (found := WORDS.search(text))
    ]


def test_only_profiles_know_a_country() -> None:
    files = {file.path: file for file in (*text_files(), *source_files())}
    faults = [
        fault
        for file in files.values()
        if file.top == "src" and not file.is_in(*KNOW_COUNTRIES)
        for fault in countries_in(file)
    ]
    assert faults == [], "\n".join(faults)


def test_what_may_know_countries_is_there() -> None:
    """Else a file that moved would keep its leave for another of its name."""
    paths = [str(file.path) for file in text_files()]
    gone = [one for one in KNOW_COUNTRIES if not any(path.startswith(one) for path in paths)]
    assert set(gone) <= {"src/kerege/bank/core_twin.py", "src/kerege/wallet/memory_bank.py"}


def test_a_country_that_slipped_in_is_seen() -> None:
    def planted(text: str) -> SourceFile:
        return SourceFile(PurePosixPath("src/kerege/bank/x.py"), text)

    for text in ('asset = "KZT"', 'x = f"{a} тенге"', 'phone.startswith("+7")', 'CITY = "Almaty"'):
        assert countries_in(planted(text)), text
    assert not countries_in(planted('"""Such as KZT."""\n# Almaty\nweight = "kilogram"'))

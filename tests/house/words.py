# SPDX-License-Identifier: Apache-2.0
"""Words that do not stay in a file, and the line every file opens with."""

import re
from collections.abc import Iterator

from tests.house.tree import SourceFile

__all__ = ["LICENCE", "WORDS", "faults_in", "lacks_licence_line"]

WORDS = {
    "unfinished mark": (
        re.compile(r"\b(?:TODO|FIXME|XXX)\b"),
        "finish it, or write it down as a limitation or an issue",
    ),
    "path of a machine": (
        re.compile(r"(?<![\w.~-])/(?:work|root|home/\w+|Users/\w+|tmp/kv)(?:/|\b)"),
        "use a path relative to the checkout, or a temporary folder",
    ),
    "package host": (
        re.compile(
            r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org"
            r"|proxy\.golang\.org|index\.crates\.io)\b"
        ),
        "name the package only; whoever installs it chooses the host",
    ),
}
"""What to look for and what to do instead, by name."""

NAMES_THEM = ("tests/house/words.py", "tests/test_house.py")
"""These two name the words in order to find them."""

LICENCE = "SPDX-License-Identifier: Apache-2.0"
OPENS_WITH_LICENCE = frozenset({".py", ".sql", ".sh", ".js", ".css"})
ALSO_OPEN_WITH_LICENCE = frozenset({"Makefile", "run"})


def faults_in(file: SourceFile) -> Iterator[str]:
    """Give one line for each word that should not be in `file`."""
    if file.is_in(*NAMES_THEM) or "vendor" in file.path.parts:
        return
    for number, line in enumerate(file.text.splitlines(), start=1):
        for name, (pattern, instead) in WORDS.items():
            if pattern.search(line):
                yield f"{file.path}:{number}: {name}: {instead}"


def lacks_licence_line(file: SourceFile) -> bool:
    """Tell whether a source file has no SPDX line among its first two (a `#!` may come first)."""
    must_open = (
        file.path.suffix in OPENS_WITH_LICENCE or file.path.name in ALSO_OPEN_WITH_LICENCE
    ) and "vendor" not in file.path.parts
    return must_open and not any(LICENCE in line for line in file.text.splitlines()[:2])

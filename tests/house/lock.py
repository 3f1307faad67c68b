# SPDX-License-Identifier: Apache-2.0
"""Read a lock file, and the licence an installed distribution states of itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

from packaging.requirements import Requirement

__all__ = ["ALLOWED_LICENCES", "EXCEPTIONS", "Locked", "licence_fault", "lock_faults", "read_lock"]

ALLOWED_LICENCES = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MIT-0", "PSF-2.0"}
    | {"Zlib"}
)

EXCEPTIONS: Mapping[str, str] = {
    "apsw": "any-OSI",  # "any OSI-approved licence", the user's choice
    # A list of certificates under a licence of single files, which httpx brings; used unchanged.
    "certifi": "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)",
    "psycopg": "LGPL-3.0-only",  # used as a library, unchanged: docs/decisions/0002
    "psycopg-binary": "LGPL-3.0-only",
}
"""Distributions whose stated licence is not in the list, and why it is accepted."""

TITLES: Mapping[str, str] = {"MIT License": "MIT"}

CLASSIFIERS: Mapping[str, str] = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: MIT License": "MIT",
}


@dataclass(frozen=True)
class Locked:
    """One requirement of a lock, with the hashes of the files that satisfy it."""

    requirement: Requirement
    hashes: tuple[str, ...]


def read_lock(text: str) -> list[Locked]:
    """Read every requirement; comments are left out, continued lines are joined."""
    bare = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.strip() for line in bare.splitlines() if line.strip()]
    return [
        Locked(
            requirement=Requirement(line.partition(" --hash=")[0].strip()),
            hashes=tuple(re.findall(r"--hash=(\S+)", line)),
        )
        for line in lines
        if not line.startswith("-")
    ]


def lock_faults(text: str) -> Iterator[str]:
    """Give a line for each option or host in a lock, and each requirement not fixed by hashes."""
    for line in text.splitlines():
        if re.search(r"://|^-|\s@\s", line):
            yield f"names an option or a host: {line}"
    for locked in read_lock(text):
        pinned = [specifier.operator for specifier in locked.requirement.specifier] == ["=="]
        fixed = all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in locked.hashes)
        if not (pinned and fixed and locked.hashes):
            yield f"{locked.requirement.name}: pin one version with ==, and its SHA-256 hashes"


def licence_fault(name: str, metadata: Message) -> str | None:
    """Say what is wrong with the licence a distribution states, or `None`."""
    stated = _stated_licence(metadata)
    alternatives = [
        alternative.replace("(", "").replace(")", "").split(" AND ")
        for alternative in stated.split(" OR ")
    ]
    if any(ALLOWED_LICENCES.issuperset(map(str.strip, parts)) for parts in alternatives):
        return None
    if EXCEPTIONS.get(name) == stated:
        return None
    return f"{name} states {stated!r}, which is not in the list of tests/house/lock.py"


def _stated_licence(metadata: Message) -> str:
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    classified = [CLASSIFIERS.get(item, item) for item in metadata.get_all("Classifier", [])]
    licences = [item for item in classified if item in CLASSIFIERS.values() or "License ::" in item]
    if licences:
        return " AND ".join(licences)
    # Some give the whole text; its first line is its name.
    name = str(metadata.get("License", "no licence")).partition("\n")[0].strip()
    return TITLES.get(name, name)

# SPDX-License-Identifier: Apache-2.0
"""How a country's people are doing: figures that their process writes and others read."""

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

__all__ = ["Living", "read_living", "write_living"]

_FILE: Final = "living.json"
_MAX_BYTES: Final = 65_536


class Living(Struct, frozen=True, kw_only=True):
    """Counts since the country was made. The first payment is told by name, for people."""

    people: int = 0
    joined: int = 0
    payments: int = 0
    with_purpose: int = 0
    """Orders accepted that programmes are about, beside the payments."""
    refused: int = 0
    unanswered: int = 0
    last_fault: str = ""
    first_payer: str = ""
    first_payee: str = ""
    first_minor: int = 0


def write_living(folder: Path, living: Living) -> None:
    """Replace the figures in the people's folder, whole or not at all."""
    draft = folder / f".{_FILE}.new"
    draft.write_bytes(msgspec.json.encode(living))
    draft.replace(folder / _FILE)


def read_living(folder: Path) -> Living:
    """The figures, all nought where there are none (yet)."""
    try:
        with (folder / _FILE).open("rb") as file:
            return msgspec.json.decode(file.read(_MAX_BYTES), type=Living)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Living()

# SPDX-License-Identifier: Apache-2.0
"""The judgements in `docs/mutants.md`: which survivors are known, and why they may live.

A judgement is a line `- module function: change` under a heading that gives the reason.
"""

import re
from pathlib import Path

__all__ = ["MODULES", "PAGE", "judged", "read_judgements"]

MODULES = (
    "kerege.ledger.rules",
    "kerege.ledger.account_rules",
    "kerege.ledger.form",
    "kerege.ledger.sure",
    "kerege.ledger.cells",
)
PAGE = Path("docs/mutants.md")

_LINE = re.compile(r"- (\w+) ([\w.]+: .+)")


def read_judgements() -> set[tuple[str, str]]:
    """Module (last part) and mutant's name of every judged survivor."""
    if not PAGE.exists():
        return set()
    return {
        (found[1], found[2])
        for line in PAGE.read_text("utf-8").splitlines()
        if (found := _LINE.fullmatch(line))
    }


def judged(known: set[tuple[str, str]], module: str, name: str) -> bool:
    """Whether the page has a judgement on the mutant."""
    return (module.rpartition(".")[2], name) in known

# SPDX-License-Identifier: Apache-2.0
"""The published cases, one file each.

>>> case_names()[0]
'carousel'
"""

from importlib.resources import files

from kerege.sandbox.accounting.case import Case, MalformedCase, decode_case

__all__ = ["case_names", "read_case", "read_cases"]


def case_names() -> tuple[str, ...]:
    """Names of all cases, in order."""
    found = files("kerege.sandbox.accounting").joinpath("cases").iterdir()
    names = (one.name for one in found)
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def read_case(name: str) -> Case:
    """A case by its name; raises `MalformedCase` if there is none."""
    if name not in case_names():
        raise MalformedCase(
            f"there is no case {name[:40]!r}", remedy=f"take one of {', '.join(case_names())}"
        )
    folder = files("kerege.sandbox.accounting").joinpath("cases")
    return decode_case(folder.joinpath(f"{name}.json").read_bytes())


def read_cases() -> tuple[Case, ...]:
    """All cases."""
    return tuple(map(read_case, case_names()))

# SPDX-License-Identifier: Apache-2.0
"""The programmes that are shipped: documents a country's funders make their own.

The files in `programmes/` are whole programmes. Who funds them, in what money and from when until
when stands there for an example, and is filled in when one is published.
"""

from importlib.resources import files
from typing import Final

from msgspec.structs import replace

from kerege.errors import KeregeError
from kerege.programmes import Calendar, OutcomeTerms, Programme
from kerege.programmes.reading import read_programme

__all__ = ["SHIPPED", "NotShipped", "shipped_programme", "shipped_text"]

SHIPPED: Final = ("digital-vat", "harvest", "movement", "procurement", "school-meals")
"""Names of the programmes; each has a page for its owner in docs/programmes/."""


class NotShipped(KeregeError):
    """There is no programme of this name among the shipped ones."""


def shipped_text(name: str) -> bytes:
    """The document as it is shipped; raises `NotShipped`."""
    if name not in SHIPPED:
        raise NotShipped(
            f"no programme {name[:40]!r} is shipped", remedy=f"take one of {', '.join(SHIPPED)}"
        )
    return files("kerege.sandbox").joinpath("programmes", f"{name}.json").read_bytes()


def shipped_programme(
    name: str,
    *,
    asset: str,
    funder: str,
    starts_us: int,
    ends_us: int,
    calendar: Calendar | None = None,
    outcome: OutcomeTerms | None = None,
) -> Programme:
    """A shipped programme as `funder` (a wallet's id) publishes it in `asset`.

    `starts_us` and `ends_us` are microseconds since 1970 UTC; `calendar` takes the place of the
    shipped one; `outcome` says whose attestations are rewarded. Raises `NotShipped`.
    """
    terms = read_programme(shipped_text(name))
    return replace(
        terms,
        asset=asset,
        funder=funder,
        starts_us=starts_us,
        ends_us=ends_us,
        calendar=terms.calendar if calendar is None else calendar,
        outcome=outcome,
    )

# SPDX-License-Identifier: Apache-2.0
"""A programme as it is published: what anyone may read of it, as it travels. Pure."""

from msgspec import Struct

from kerege.programmes.document import Programme, Texts

__all__ = [
    "MAX_LISTED",
    "MarkTerms",
    "ProgrammeList",
    "ProgrammePage",
    "PublishedProgramme",
    "PublishedVersion",
]

MAX_LISTED = 100
"""Programmes, or versions of one, in one answer: some hundred kilobytes."""


class MarkTerms(Struct, frozen=True):
    """A mark of the programme's money, the version it lives under, and when that ends (µs)."""

    mark: int
    version: int
    ends_us: int


class PublishedProgramme(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A programme by its newest version; `marks` are all its money ever had, the newest last.

    `state`: active, suspended, closed, or settled (closed, and all money is back); `authority` and
    `reason` are the ground of the last change of it, empty before the first.
    """

    id: str
    version: int
    state: str
    asset: str
    funder: str
    budget: int
    starts_us: int
    ends_us: int
    title: Texts
    summary: Texts
    marks: tuple[MarkTerms, ...]
    authority: str = ""
    reason: str = ""


class ProgrammeList(Struct, frozen=True):
    """A page of programmes by id; `next` is the `after` of the following one, empty at the end."""

    programmes: tuple[PublishedProgramme, ...]
    next: str = ""


class PublishedVersion(Struct, frozen=True, kw_only=True):
    """A version: when it was put in force (µs), and the proposal of the two who did."""

    version: int
    at_us: int
    proposal: str


class ProgrammePage(Struct, frozen=True, kw_only=True):
    """A programme whole. `document` are the terms of `version`, `terms` the same as signed (a
    compact JWS, `typ` kerege-programme); `versions` the newest of them, oldest first."""

    programme: PublishedProgramme
    version: int
    document: Programme
    terms: str
    versions: tuple[PublishedVersion, ...]

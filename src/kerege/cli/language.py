# SPDX-License-Identifier: Apache-2.0
"""Which language a command speaks: as told, as the environment says, else English."""

import os
from collections.abc import Callable, Mapping
from typing import Any, Final

import click

__all__ = ["LANGUAGES", "language_of", "speaking"]

LANGUAGES: Final = ("kk", "ru", "en")

_VARIABLES: Final = ("KEREGE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set decides, as POSIX has it for the locale's."""


def language_of(environment: Mapping[str, str]) -> str:
    """The language of an environment, for instance `ru` where LANG is `ru_RU.UTF-8`."""
    for name in _VARIABLES:
        value = environment.get(name, "")
        if value:
            code = value.replace("-", "_").partition("_")[0].partition(".")[0].lower()
            return code if code in LANGUAGES else "en"
    return "en"


def speaking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--language`; the command gets `language`."""
    return click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        default=lambda: language_of(os.environ),
        show_default="of the environment, else en",
        help="What to speak.",
    )(command)

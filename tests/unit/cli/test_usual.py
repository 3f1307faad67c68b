# SPDX-License-Identifier: Apache-2.0
"""The usual asset is the money of the country that comes up unless told."""

from click.testing import CliRunner

from kerege.cli import main
from kerege.cli.usual import USUAL_ASSET
from kerege.sandbox.profile_reading import load_profile


def test_it_is_the_usual_countrys_money() -> None:
    told = CliRunner().invoke(main, ["up", "--help"]).output
    country = next(code for code in ("kz", "kg") if f"default: {code}" in told)
    assert load_profile(country).money.asset == USUAL_ASSET

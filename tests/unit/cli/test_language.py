# SPDX-License-Identifier: Apache-2.0
import click
import pytest
from click.testing import CliRunner

from kerege.cli.language import language_of, speaking


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "kk_KZ"}, "kk"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "ru", "LC_ALL": ""}, "ru"),
        ({"LC_ALL": "C", "KEREGE_LANGUAGE": "kk"}, "kk"),
        ({"KEREGE_LANGUAGE": "RU"}, "ru"),
    ],
)
def test_the_environment_decides(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_an_option_decides_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEREGE_LANGUAGE", "ru")

    @click.command()
    @speaking
    def told(language: str) -> None:
        click.echo(language)

    runner = CliRunner()
    assert runner.invoke(told).output == "ru\n"
    assert runner.invoke(told, ["--language", "kk"]).output == "kk\n"
    assert runner.invoke(told, ["--language", "xx"]).exit_code == 2

# SPDX-License-Identifier: Apache-2.0
"""Sub-commands load late; our errors are told without a stack trace."""

import errno
import sys
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from kerege.cli.lazy import LazyGroup
from kerege.errors import InvariantViolation, KeregeError

ROOM = "a_room_for_this_test"


@click.command()
def greet() -> None:
    """Say hello."""
    click.echo("hello")


@click.command()
def fail() -> None:
    """Fail as a person's mistake makes a command fail."""
    raise KeregeError("no ledger is here", place="town.db", remedy="run `kerege ledger create`")


@click.command()
def break_a_promise() -> None:
    """Fail as a fault of ours does."""
    raise InvariantViolation("debits differ from credits")


@click.command()
def write_to_a_full_disk() -> None:
    """Fail as the operating system makes a command fail."""
    raise OSError(errno.ENOSPC, "No space left on device", "town.db")


@click.command()
def lose_the_reader() -> None:
    """Fail as `| head` makes a command fail."""
    raise BrokenPipeError(errno.EPIPE, "Broken pipe")


@click.command()
def shine() -> None:
    """Print in colour."""
    click.secho("gold", fg="yellow")


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> LazyGroup:
    room = ModuleType(ROOM)
    commands = {
        "greet": greet,
        "fail": fail,
        "break_a_promise": break_a_promise,
        "full": write_to_a_full_disk,
        "head": lose_the_reader,
        "shine": shine,
        "not_a_command": 1,
    }
    vars(room).update(commands)
    monkeypatch.setitem(sys.modules, ROOM, room)
    names = tuple(commands)
    return LazyGroup("test", commands_by_name={name: f"{ROOM}:{name}" for name in names})


def test_a_sub_command_runs(group: LazyGroup) -> None:
    assert CliRunner().invoke(group, ["greet"]).output == "hello\n"


def test_a_sub_command_is_not_imported_before_it_is_asked_for() -> None:
    group = LazyGroup("test", commands_by_name={"later": "no_such_module:later"})
    assert group.list_commands(click.Context(group)) == ["later"]


def test_our_error_is_told_with_place_and_remedy_and_exit_code_1(group: LazyGroup) -> None:
    result = CliRunner().invoke(group, ["fail"])

    assert result.exit_code == 1
    assert result.output == (
        "kerege: town.db: no ledger is here\n  what to do: run `kerege ledger create`\n"
    )


def test_a_fault_of_ours_is_not_caught(group: LazyGroup) -> None:
    result = CliRunner().invoke(group, ["break_a_promise"])
    assert isinstance(result.exception, InvariantViolation)


def test_a_registry_line_that_names_no_command_is_a_fault_of_ours(group: LazyGroup) -> None:
    result = CliRunner().invoke(group, ["not_a_command"])
    assert isinstance(result.exception, InvariantViolation)


def test_what_the_system_refuses_is_told_without_a_stack_trace(group: LazyGroup) -> None:
    result = CliRunner().invoke(group, ["full"])

    assert result.exit_code == 1
    assert result.output == "kerege: town.db: the system refused: No space left on device\n"


def test_a_reader_that_went_away_is_no_news(group: LazyGroup) -> None:
    result = CliRunner().invoke(group, ["head"])

    assert result.exit_code == 1
    assert result.output == ""


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_colour_is_left_out_where_it_is_not_wanted(group: LazyGroup, plain: dict[str, str]) -> None:
    wanted = {"NO_COLOR": "", "TERM": "xterm"}
    assert "\x1b" in CliRunner(env=wanted).invoke(group, ["shine"], color=True).output
    assert CliRunner(env=wanted | plain).invoke(group, ["shine"], color=True).output == "gold\n"

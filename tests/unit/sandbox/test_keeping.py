# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.errors import InvariantViolation
from kerege.sandbox.keeping import GIVE_UP_AFTER, Keeping, Part, Stage, pause_s

CORE = Part(name="core", arguments=("core",))
BANK = Part(name="bank", arguments=("bank",))


def started(now_s: float = 0.0) -> Keeping:
    keeping = Keeping()
    keeping.add([CORE])
    keeping.begin("core", now_s)
    keeping.started("core", 7)
    return keeping


def names(parts: list[Part]) -> list[str]:
    return [part.name for part in parts]


def test_what_is_added_is_due_until_begun() -> None:
    keeping = Keeping()
    keeping.add([CORE, BANK])
    assert names(keeping.due(0)) == ["core", "bank"]
    keeping.begin("core", 0)
    assert names(keeping.due(0)) == ["bank"]
    keeping.add([CORE])
    assert names(keeping.due(0)) == ["bank"], "what is known already stays as it is"


def test_what_ends_is_due_again_after_a_pause_that_grows() -> None:
    keeping = started()
    keeping.ready("core", 1)
    keeping.ended("core", 2)
    assert keeping.stage("core") is Stage.WAITING
    assert keeping.pid("core") == 0
    assert names(keeping.due(2.1)) == []
    assert names(keeping.due(2.2)) == ["core"]
    keeping.begin("core", 2.2)
    keeping.ready("core", 3)
    keeping.ended("core", 4)
    assert names(keeping.due(4.3)) == []
    assert names(keeping.due(4.4)) == ["core"]


def test_one_that_ran_for_a_while_starts_with_the_shortest_pause() -> None:
    keeping = started()
    for _ in range(4):
        keeping.ready("core", 10)
        keeping.ended("core", 11)
        keeping.begin("core", 12)
    keeping.ready("core", 20)
    keeping.ended("core", 60)
    assert names(keeping.due(60.2)) == ["core"]


def test_one_that_never_worked_is_given_up() -> None:
    keeping = started()
    for _ in range(GIVE_UP_AFTER):
        assert keeping.stage("core") is not Stage.FAILED
        keeping.ended("core", 1)
        if keeping.stage("core") is Stage.WAITING:
            keeping.begin("core", 1)
    assert keeping.stage("core") is Stage.FAILED
    assert keeping.due(10_000) == []


def test_one_that_worked_once_is_never_given_up() -> None:
    keeping = started()
    keeping.ready("core", 1)
    for _ in range(3 * GIVE_UP_AFTER):
        keeping.ended("core", 2)
        keeping.begin("core", 2)
    assert keeping.stage("core") is Stage.STARTING


def test_one_that_is_let_be_is_not_started_again() -> None:
    keeping = started()
    keeping.let_be("core")
    assert keeping.pid("core") == 7, "it still runs"
    keeping.ended("core", 1)
    assert (keeping.pid("core"), keeping.due(100)) == (0, [])


def test_all_may_end_at_once() -> None:
    keeping = started()
    keeping.add([BANK])
    keeping.all_ended(5)
    assert keeping.stage("core") is Stage.WAITING
    assert names(keeping.due(5)) == ["bank"], "what did not run yet need not wait"


def test_readiness_of_one_that_ended_meanwhile_means_nothing() -> None:
    keeping = started()
    keeping.ended("core", 1)
    keeping.ready("core", 1)
    assert keeping.stage("core") is Stage.WAITING


def test_the_table_tells_restarts() -> None:
    keeping = started()
    keeping.ended("core", 1)
    keeping.begin("core", 2)
    assert keeping.table() == [
        {"name": "core", "pid": 0, "url": "", "stage": "starting", "restarts": 1}
    ]


def test_a_name_nobody_gave_is_our_fault() -> None:
    with pytest.raises(InvariantViolation):
        Keeping().stage("core")


def test_pauses_have_an_end() -> None:
    assert [pause_s(count) for count in (1, 2, 3)] == [0.2, 0.4, 0.8]
    assert pause_s(10_000) == 10.0

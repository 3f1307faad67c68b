# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.ledger.errors import StoreFailed
from kerege.ledger.stores import postgres_retry
from kerege.ledger.stores.postgres_retry import MAX_ATTEMPTS, PostgresRetry, pause_s


def test_pauses_double_up_to_a_second_and_differ_by_stagger() -> None:
    assert [round(pause_s(n, 0) * 1000) for n in (1, 2, 3, 8, 9)] == [5, 10, 20, 500, 500]
    assert pause_s(3, 8) == 1.5 * pause_s(3, 0)
    assert pause_s(3, 16) == pause_s(3, 0)


def test_all_pauses_together_are_a_few_seconds() -> None:
    assert 1 < sum(pause_s(n, 15) for n in range(1, MAX_ATTEMPTS)) < 4


def test_the_last_attempt_ends_in_an_error_that_keeps_the_cause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(postgres_retry, "sleep", pauses.append)
    trouble = PostgresRetry("the server went away")
    trouble.__cause__ = OSError("reset")
    trouble.pause(1)
    with pytest.raises(StoreFailed, match="the server went away") as caught:
        trouble.pause(MAX_ATTEMPTS)
    assert len(pauses) == 1
    assert isinstance(caught.value.__cause__, OSError)

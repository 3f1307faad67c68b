# SPDX-License-Identifier: Apache-2.0
"""What is remembered stays while there is room; the oldest goes first."""

import pytest

from kerege.centralbank.remembered import Remembered


def test_the_oldest_is_forgotten_first() -> None:
    facts = Remembered[str, int](2)
    facts["a"], facts["b"], facts["c"] = 1, 2, 3
    assert dict(facts) == {"b": 2, "c": 3}
    assert len(facts) == 2
    del facts["b"]
    with pytest.raises(KeyError):
        facts["b"]
    assert facts.get("a") is None

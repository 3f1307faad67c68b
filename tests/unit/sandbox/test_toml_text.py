# SPDX-License-Identifier: Apache-2.0
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kerege.sandbox.toml_text import to_toml

PLAIN = (
    some.integers(-(2**63), 2**63 - 1)
    | some.booleans()
    # Half a surrogate is no text.
    | some.text(some.characters(exclude_categories=["Cs"]))
)
KEYS = some.text(some.characters(exclude_categories=["Cs"]), min_size=1)
TABLES = some.recursive(
    some.dictionaries(KEYS, PLAIN | some.lists(PLAIN), max_size=4),
    lambda inner: some.dictionaries(
        KEYS, PLAIN | inner | some.lists(inner, min_size=1, max_size=3), max_size=4
    ),
    max_leaves=8,
)


@given(TABLES)
def test_what_is_written_is_read_back(table: dict[str, Any]) -> None:
    assert tomllib.loads(to_toml(table)) == table


def test_it_is_written_for_people_to_read() -> None:
    table = {
        "bank": "a",
        "core": {"url": "http://127.0.0.1:1", "ports": [1, 2]},
        "clients": [{"id": "x"}, {"id": "y"}],
        "strict": True,
    }
    assert to_toml(table, heading="Made by a test.\nLose it.") == (
        "# Made by a test.\n# Lose it.\n\n"
        'bank = "a"\nstrict = true\n'
        '\n[core]\nurl = "http://127.0.0.1:1"\nports = [1, 2]\n'
        '\n[[clients]]\nid = "x"\n\n[[clients]]\nid = "y"\n'
    )


def test_other_things_are_not_written() -> None:
    with pytest.raises(TypeError):
        to_toml({"rate": 1.5})

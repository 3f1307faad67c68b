# SPDX-License-Identifier: Apache-2.0
"""The names conditions may read."""

from kerege.programmes import Item
from kerege.programmes.context import CONTEXT, MANY_VALUED, sums_by_group
from tests.programmes import payment


def test_items_of_one_group_are_added_up() -> None:
    items = [Item("milk", 1), Item("bread", 5), Item("milk", 2)]
    assert sums_by_group(payment(items=items)) == {"milk": 3, "bread": 5}
    assert sums_by_group(payment()) == {}


def test_every_name_says_what_it_is() -> None:
    assert all(name.about for name in CONTEXT.values())
    assert MANY_VALUED.issubset(CONTEXT)

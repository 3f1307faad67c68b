# SPDX-License-Identifier: Apache-2.0
"""The directory's twin: each bank its own, first come."""

import pytest

from kerege.bank.core_line import Resolved
from kerege.bank.directory import AliasTaken, MemoryDirectory


def test_a_tag_leads_to_the_wallet_of_who_came_first() -> None:
    directory = MemoryDirectory()
    ours, theirs = directory.line("ours"), directory.line("theirs")
    ours.put_alias("t", "wal_1")
    ours.put_alias("t", "wal_2")
    with pytest.raises(AliasTaken):
        theirs.put_alias("t", "wal_3")
    theirs.drop_alias("t")
    assert theirs.resolve("t") == Resolved("wal_2", "ours")
    ours.drop_alias("t")
    ours.drop_alias("t")
    assert theirs.resolve("t") is None
    theirs.put_alias("t", "wal_3")
    assert directory.tags() == ["t"]

# SPDX-License-Identifier: Apache-2.0
"""Bodies have bounds."""

import msgspec
import pytest

from kerege.centralbank.http.wire import OrderTexts, order_of
from kerege.ledger import MalformedId


def test_orders_are_bounded() -> None:
    for body in ({"orders": ["a"] * 4097}, {"orders": ["a" * 70_000]}, {"orders": [1]}, {}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(msgspec.json.encode(body), type=OrderTexts)


def test_order_ids() -> None:
    assert order_of("ord_" + "0" * 31 + "1")[-1] == 1
    with pytest.raises(MalformedId):
        order_of("wal_" + "0" * 32)

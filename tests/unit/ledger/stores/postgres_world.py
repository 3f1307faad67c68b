# SPDX-License-Identifier: Apache-2.0
"""A small ledger on PostgreSQL whose connections take turns at stripes."""

from kerege.ledger.account import Role
from kerege.ledger.ids import AccountId, OrderId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import NO_TERMS, DeclareAsset, OpenAccount, Order, Step, Terms, Transfer
from kerege.ledger.stores.postgres import PostgresStore
from kerege.runtime import ManualClock

__all__ = ["ARU", "BEK", "ISSUER", "TAX", "World"]

ISSUER, ARU, BEK, TAX = (AccountId(number) for number in range(1, 5))


class World:
    """Accounts 1 to 4: an issuer, two holders with 1 000 each, a collector."""

    def __init__(self, url: str) -> None:
        self.clock = ManualClock(1_000_000)
        self.store = PostgresStore(url, place="here")
        self.connections = self.store._connections
        self.ledger = Ledger(self.store, self.clock.now_us)
        self._ids = 0
        self.post(
            DeclareAsset("KZT", 2),
            OpenAccount("KZT", Role.ISSUER, "issuer", floor=None),
            OpenAccount("KZT", Role.HOLDER, "aru"),
            OpenAccount("KZT", Role.HOLDER, "bek"),
            OpenAccount("KZT", Role.COLLECTOR, "tax"),
        )
        self.post(Transfer(ISSUER, ARU, 1_000), Transfer(ISSUER, BEK, 1_000))

    def order(self, *steps: Step, terms: Terms = NO_TERMS) -> Order:
        """An order with the next id."""
        self._ids += 1
        return Order(OrderId(self._ids.to_bytes(16, "big")), steps, terms)

    def post(self, *steps: Step) -> Order:
        """Post one order, which must be accepted."""
        order = self.order(*steps)
        (outcome,) = self.ledger.post([order])
        assert outcome.accepted, outcome
        return order

    def change_stripe(self) -> None:
        """Let the next batch come over another connection."""
        self.connections._drop_idle()

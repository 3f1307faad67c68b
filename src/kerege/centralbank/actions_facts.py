# SPDX-License-Identifier: Apache-2.0
"""The scene actions are planned in: the register and the ledger as they stand, under lock."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from kerege.centralbank.actions_scene import Frozen, Payment
from kerege.centralbank.register_facts import Facts
from kerege.centralbank.register_parameters import Parameters
from kerege.centralbank.register_participants import KeyRecord, Participant, SystemAccounts
from kerege.centralbank.register_programmes import ProgrammeRecord
from kerege.centralbank.stores import participants, proposals, wallets
from kerege.ledger import Account, AccountId, Ledger, parse_order_id
from kerege.ledger.encoding import decode_order
from kerege.payments.scene import WalletFacts

__all__ = ["LiveScene"]


class LiveScene:
    """See `ActionScene`. `connection` is the transaction the action is settled in, `order` the id
    its order would have."""

    def __init__(
        self, facts: Facts, ledger: Ledger, connection: Connection, *, order: str, now_us: int
    ) -> None:
        self._now_us = now_us
        self._facts = facts
        self._ledger = ledger
        self._connection = connection
        self._order = order

    @property
    def now_us(self) -> int:
        """When this is settled."""
        return self._now_us

    @property
    def accounts(self) -> SystemAccounts:
        """The core's own accounts."""
        return self._facts.accounts()

    @property
    def parameters(self) -> Parameters:
        """The country's."""
        return self._facts.parameters()

    @property
    def participants(self) -> Sequence[Participant]:
        """Everyone."""
        return self._facts.participants()

    @property
    def fee_version(self) -> int:
        """The newest fee schedule's; 0 if there is none."""
        schedules = self._facts.schedules()
        return schedules[-1].version if schedules else 0

    @property
    def programmes(self) -> Mapping[str, ProgrammeRecord]:
        """Every programme, by id."""
        return self._facts.programmes()

    def programme(self, programme_id: str) -> ProgrammeRecord | None:
        """One programme."""
        return self._facts.programmes().get(programme_id)

    def wallet_key(self, kid: str) -> KeyRecord | None:
        """A wallet's key, as its row is now."""
        return self._facts.load_keys([kid]).get(kid)

    def participant(self, name: str) -> Participant | None:
        """One participant."""
        return self._facts.participant(name)

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """An open wallet, as its row is now."""
        return self._facts.load_wallets([wallet_id]).get(wallet_id)

    def account(self, account_id: AccountId) -> Account:
        """An account as it stands."""
        return self._ledger.account(account_id).account

    def owner(self, account_id: AccountId) -> str:
        """Who owns an account."""
        return self._ledger.account(account_id).owner

    def payment(self, order_id: str) -> Payment | None:
        """An accepted order."""
        accepted = self._ledger.accepted(parse_order_id(order_id))
        if accepted is None:
            return None
        stored = accepted.order
        return Payment(decode_order(stored.body, stored.evidence), stored.results)

    def freezes(self, wallet: str) -> Sequence[Frozen]:
        """Freezes of a wallet that were not released."""
        return proposals.read_freezes(self._connection, wallet)

    def freeze(self, proposal: str) -> Frozen | None:
        """The freeze a proposal began."""
        return proposals.read_freeze(self._connection, proposal)

    def key_is_known(self, keyid: str, *, but_of: str = "") -> bool:
        """Whether a key is or was a participant's (other than `but_of`'s in force)."""
        known = participants.known_keys(self._connection, [keyid]).get(keyid)
        return known is not None and known != (but_of, False)

    def wallet_key_is_known(self, kid: str) -> bool:
        """Whether a key is or was a wallet's."""
        return wallets.key_is_known(self._connection, kid, but_claimed_by=self._order)

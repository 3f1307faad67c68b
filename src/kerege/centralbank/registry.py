# SPDX-License-Identifier: Apache-2.0
"""What acceptance asks of the register of wallets and institutions. Pure."""

from typing import Protocol

from kerege.keys import PublicKey
from kerege.ledger import AccountId
from kerege.payments import Amend, Open, ParticipantId, Rehome, Rekey, Verdict, WalletId
from kerege.payments.fees import FeeSchedule
from kerege.payments.scene import WalletFacts

__all__ = ["Registry", "WalletKey"]


class WalletKey(Protocol):
    """A key that signs for a wallet, or once did."""

    @property
    def key(self) -> PublicKey:
        """The key itself."""

    @property
    def wallet(self) -> WalletId:
        """Whose it is."""

    @property
    def revoked(self) -> bool:
        """Whether it was replaced."""

    @property
    def recovery(self) -> bool:
        """Whether it may only replace the wallet's key."""


class Institution(Protocol):
    """A participant, as far as acceptance cares."""

    @property
    def suspended(self) -> bool:
        """Whether nothing is accepted from it at present."""


class Registry(Protocol):
    """Wallets, their keys, and institutions; answers come from memory where they can."""

    def refresh(self) -> None:
        """See what other nodes changed; called before every batch."""

    def participant(self, participant_id: str) -> Institution | None:
        """An institution."""

    def key(self, kid: str) -> WalletKey | None:
        """A wallet's key by its thumbprint."""

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """A wallet."""

    def allowance_sink(self) -> AccountId:
        """Where used-up allowances are counted."""

    def fees(self) -> FeeSchedule:
        """The fee schedule in force."""

    def open_wallet(self, document: Open, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Open a wallet for `bank`; the signature is its new key's."""

    def amend(self, document: Amend, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Change what `bank` told of a wallet it keeps; signed by the bank's own wallet."""

    def rehome(self, document: Rehome, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Move a wallet to `bank`; signed by the wallet."""

    def rekey(self, document: Rekey, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Replace a wallet's key; signed by it or by its recovery key."""

# SPDX-License-Identifier: Apache-2.0
"""What planning an action may look at, and what comes of it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from kerege.centralbank.register_parameters import Parameters
from kerege.centralbank.register_participants import KeyRecord, Participant, SystemAccounts
from kerege.centralbank.register_programmes import ProgrammeRecord
from kerege.ledger import Account, AccountId, Order, Status, Step
from kerege.ledger import Refusal as LedgerRefusal
from kerege.payments.ids import WalletId
from kerege.payments.scene import WalletFacts

__all__ = ["ActionScene", "Frozen", "Payment", "Planned", "Unable"]


class Planned(Struct, frozen=True):
    """Steps for the ledger. `institution` is whom the action concerns, if anyone.

    `renamed`: by step and the ledger's refusal there, what it means for this action.
    """

    steps: tuple[Step, ...]
    institution: str = ""
    renamed: Mapping[tuple[int, LedgerRefusal], "Unable"] = {}


class Unable(Struct, frozen=True):
    """Why an action cannot be done: a stable code, and a sentence in English."""

    code: str
    explanation: str


class Frozen(Struct, frozen=True):
    """A freeze that a proposal began; `released_by` another one, or empty."""

    proposal: str
    wallet: WalletId
    status: Status
    released_by: str


class Payment(Struct, frozen=True):
    """An accepted order and what came of its steps."""

    order: Order
    results: tuple[int, ...]


class ActionScene(Protocol):
    """The register and the ledger as they stand."""

    @property
    def now_us(self) -> int:
        """When this is settled."""

    @property
    def accounts(self) -> SystemAccounts:
        """The core's own accounts."""

    @property
    def parameters(self) -> Parameters:
        """The country's."""

    @property
    def participants(self) -> Sequence[Participant]:
        """Everyone."""

    @property
    def fee_version(self) -> int:
        """The newest fee schedule's; 0 if there is none."""

    @property
    def programmes(self) -> Mapping[str, ProgrammeRecord]:
        """Every programme, by id."""

    def programme(self, programme_id: str) -> ProgrammeRecord | None:
        """One programme."""

    def wallet_key(self, kid: str) -> KeyRecord | None:
        """A wallet's key by its thumbprint; revoked ones are told as revoked."""

    def participant(self, name: str) -> Participant | None:
        """One participant."""

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """An open wallet."""

    def account(self, account_id: AccountId) -> Account:
        """An account as it stands."""

    def owner(self, account_id: AccountId) -> str:
        """Who owns an account."""

    def payment(self, order_id: str) -> Payment | None:
        """An accepted order."""

    def freezes(self, wallet: str) -> Sequence[Frozen]:
        """Freezes of a wallet that were not released."""

    def freeze(self, proposal: str) -> Frozen | None:
        """The freeze a proposal began."""

    def key_is_known(self, keyid: str, *, but_of: str = "") -> bool:
        """Whether a key is or was a participant's (other than `but_of`'s in force)."""

    def wallet_key_is_known(self, kid: str) -> bool:
        """Whether a key is or was a wallet's."""

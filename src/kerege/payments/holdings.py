# SPDX-License-Identifier: Apache-2.0
"""What the core says of a wallet: facts, balances, movements, as they travel. Pure."""

from msgspec import Struct

from kerege.ledger.ids import UNMARKED
from kerege.programmes.document import Texts

__all__ = ["Balance", "Line", "WalletView"]


class Balance(Struct, frozen=True, omit_defaults=True):
    """One mark of one asset in a wallet, in minor units. Of marked money `programme` is whose it
    is, `title` what people call it, by language, and `ends_us` when what is left returns.

    `held` is spoken for (reserved for others), `coming` reserved by others for this wallet.
    `ceiling` bounds the sum of `balance + coming` over all marks of the asset.
    """

    asset: str
    balance: int
    held: int = 0
    coming: int = 0
    mark: int = UNMARKED
    ceiling: int | None = None
    programme: str = ""
    title: Texts = {}
    ends_us: int = 0

    @property
    def available(self) -> int:
        """What can be spent now."""
        return self.balance - self.held


class WalletView(Struct, frozen=True, omit_defaults=True):
    """A wallet as the core shows it. Everything after `assets` only to the bank that keeps it."""

    id: str
    bank: str
    owner_kind: str
    assets: tuple[str, ...]
    tier: str = ""
    category: str = ""
    vat: bool = False
    region: str = ""
    overflow: bool = False
    suspended: bool = False
    keys: tuple[str, ...] = ()
    """Thumbprints of the keys that may sign for it now."""


class Line(Struct, frozen=True, omit_defaults=True):
    """One line of a statement, newest first; `before` of the next page is the last line's `seq`."""

    seq: int
    order: str
    at_us: int
    asset: str
    change: int
    balance: int
    held: int = 0
    mark: int = UNMARKED
    counterparty: str = ""
    purpose: int = 0

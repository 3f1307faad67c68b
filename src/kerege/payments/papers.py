# SPDX-License-Identifier: Apache-2.0
"""The registered paper a payment is about: what rules of programmes may know of it. Pure."""

from typing import Protocol

from kerege.payments.documents import Hold, Pay, Pull
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Scene
from kerege.programmes import Contracted

__all__ = ["Paper", "find_paper"]


class Paper(Protocol):
    """A contract or an invoice, as an accepted order registered it."""

    def contracted(self, payer: str, payee: str, programme: str) -> Contracted | None:
        """What it is as a contract between two wallets, for a programme; None if it is none."""

    def invoiced(self, payer: str, payee: str) -> bool:
        """Whether it is an invoice of `payee` to `payer`."""


def find_paper(document: Pay | Hold | Pull, scene: Scene) -> Paper | Refusal | None:
    """What the document is `about`; None if it names nothing."""
    return Refusal.ORDER_NOT_FOUND if document.about else None

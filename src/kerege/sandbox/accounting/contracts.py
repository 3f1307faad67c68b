# SPDX-License-Identifier: Apache-2.0
"""Contracts in a set of books: a treasury's, under a programme that has no money of its own.

What is tried with them is what accounting software meets: an invoice that is of a contract, a cap
that counts its VAT. Marked money and acceptance are the wallets' affair.
"""

from collections.abc import Mapping
from typing import Any, Final

from kerege.payments.contract_documents import Contract
from kerege.payments.contracts import find_contract
from kerege.payments.memory_scene import MemoryScene
from kerege.sandbox.accounting.unfit import UnfitRequest
from kerege.sandbox.accounting.wire import ContractView

__all__ = ["PROCUREMENT", "TREASURY", "contract_document", "contract_view"]

TREASURY: Final = "treasury"
"""The name of the buyer of contracts in every set of books."""

PROCUREMENT: Final = "procurement"

_ASSET: Final = "KZT"
_ENDS_US: Final = 2**51
"""Contracts of a sandbox do not end, and their programme ends after them."""


def contract_document(frame: Mapping[str, Any], supplier: str, cap: int) -> Contract:
    """A contract with the wallet `supplier` for at most `cap` minor units; `frame` is what every
    document has."""
    return Contract(
        **frame,
        programme=PROCUREMENT,
        asset=_ASSET,
        supplier=supplier,
        cap=cap,
        ends_us=_ENDS_US,
    )


def contract_view(order: str, scene: MemoryScene, names: Mapping[str, str]) -> ContractView:
    """A contract as it stands, with the firm's name; raises `UnfitRequest`."""
    found = find_contract(order, scene)
    if found is None:
        raise UnfitRequest("no contract has this id", place="$.contract")
    return ContractView(
        id=order,
        supplier=names[found.terms.supplier],
        cap=found.terms.cap,
        left=scene.spendable(found.payable),
    )

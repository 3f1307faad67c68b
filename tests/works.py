# SPDX-License-Identifier: Apache-2.0
"""A road being built: a treasury's programme, a builder, a subcontractor, a worker, a tax office.

works = Works(town)
town.must(works.hire(works.builder, 500))
"""

from typing import Any

from kerege.payments.contract_documents import Contract
from tests.programmes import route
from tests.towns import Town

__all__ = ["ROUTES", "Works"]

ROUTES = (
    route("contract.last", name="last", arrival="unmark", about="contract"),
    route(
        "payee.kind == 'person' && contract.by_supplier && !payer.is_funder",
        name="wages",
        arrival="unmark",
    ),
    route("payee.kind == 'agency' && !payee.is_funder", name="taxes", arrival="unmark"),
    route("payee.kind == 'firm'", name="work", arrival="keep", about="contract"),
)
"""What a procurement programme allows, in short."""


class Works:
    """The treasury has 1 000 marked; nobody else has any money."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.programme = town.programme(*ROUTES, id="roads")
        self.mark = self.programme.mark
        self.treasury = self.programme.terms.funder
        self.builder = town.wallet(owner_kind="firm")
        self.mason = town.wallet(owner_kind="firm")
        self.worker = town.wallet()
        self.inspector = town.wallet(owner_kind="agency")
        town.must(town.fund(self.programme, 1_000))

    def hire(self, supplier: str, cap: int, **more: Any) -> Contract:
        """A contract of the treasury's, accepted."""
        contract = self.town.contract(self.programme, supplier, cap, **more)
        self.town.must(contract)
        return contract

    def subcontract(self, above: Contract, supplier: str, cap: int, **more: Any) -> Contract:
        """A contract under `above`, not yet sent."""
        buyer = above.supplier
        more = {"parent": above.id, "ends_us": above.ends_us, **more}
        return self.town.contract(self.programme, supplier, cap, buyer=buyer, **more)

    def paid(self, wallet: str) -> tuple[int, int]:
        """What a wallet has of the programme's money, and unmarked."""
        return self.town.balance(wallet, self.mark), self.town.balance(wallet)

# SPDX-License-Identifier: Apache-2.0
"""Where a programme's money is among contracts: what each received, passed on, paid out. Pure.

Wallets are pseudonyms; amounts are minor units of marked money, net of what was given back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

__all__ = ["Branch", "ContractTree", "Contracting", "Loose", "Passing", "tree_of"]


class Contracting(Struct, frozen=True, kw_only=True):
    """A registered contract: `held` is reserved for its supplier, `promised` to subcontractors."""

    id: str
    parent: str
    buyer: str
    supplier: str
    cap: int
    last: bool = False
    held: int = 0
    promised: int = 0


class Passing(Struct, frozen=True, kw_only=True):
    """Marked money that went from one wallet to another, below zero if it came back. `about`: the
    contract it was for, or empty; `kept`: it arrived marked."""

    payer: str
    payee: str
    payee_kind: str
    amount: int
    about: str = ""
    kept: bool = False


class Branch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One contract and all below it.

    `received` arrived marked, `plain` unmarked. Of what was received, `passed` went to the
    contracts below, `wages` to persons, `taxes` to agencies, `bought` to others, `returned` to the
    funder; `left` is with the supplier still.
    """

    contract: str
    buyer: str
    supplier: str
    cap: int
    last: bool = False
    held: int = 0
    promised: int = 0
    received: int = 0
    plain: int = 0
    passed: int = 0
    wages: int = 0
    taxes: int = 0
    bought: int = 0
    returned: int = 0
    left: int = 0
    branches: tuple["Branch", ...] = ()


class Loose(Struct, frozen=True):
    """What a wallet paid out that cannot be told to be for one of its contracts."""

    wallet: str
    amount: int


class ContractTree(Struct, frozen=True, kw_only=True):
    """A programme's contracts, from its funder's own down. Not `is_complete`: more happened than
    one tree looks at, and what came last is missing."""

    programme: str
    asset: str
    funder: str
    with_funder: int
    roots: tuple[Branch, ...]
    loose: tuple[Loose, ...]
    is_complete: bool


def tree_of(
    contracts: Sequence[Contracting], passings: Iterable[Passing], *, funder: str
) -> tuple[tuple[Branch, ...], tuple[Loose, ...]]:
    """The funder's own contracts with all below them, in the order given, where a contract stands
    after the one it hangs under; and what belongs to none."""
    sums = _Sums(contracts, funder)
    for passing in passings:
        sums.add(passing)
    below: dict[str, list[Branch]] = defaultdict(list)
    for contract in reversed(contracts):
        branches = tuple(reversed(below.pop(contract.id, [])))
        below[contract.parent].append(_branch(contract, sums.of(contract.id), branches))
    loose = tuple(Loose(wallet, amount) for wallet, amount in sorted(sums.loose.items()) if amount)
    return tuple(reversed(below.get("", []))), loose


class _Sums:
    """Amounts by contract and by what became of them."""

    def __init__(self, contracts: Sequence[Contracting], funder: str) -> None:
        self._funder = funder
        self._contracts = {contract.id: contract for contract in contracts}
        self._of_supplier: dict[str, list[str]] = defaultdict(list)
        for contract in contracts:
            self._of_supplier[contract.supplier].append(contract.id)
        self._sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.loose: dict[str, int] = defaultdict(int)

    def of(self, contract: str) -> Mapping[str, int]:
        """Its sums by name."""
        return self._sums[contract]

    def add(self, passing: Passing) -> None:
        """Count one amount where it belongs."""
        named = self._contracts.get(passing.about)
        if named and (named.buyer, named.supplier) == (passing.payer, passing.payee):
            self._sums[named.id]["received" if passing.kept else "plain"] += passing.amount
            if named.parent:
                self._sums[named.parent]["passed"] += passing.amount
            return
        own = self._of_supplier.get(passing.payer, [])
        if named and named.supplier == passing.payer:
            own = [named.id]
        if len(own) == 1:
            self._sums[own[0]][self._what(passing)] += passing.amount
        elif passing.payer != self._funder:
            self.loose[passing.payer] += passing.amount

    def _what(self, passing: Passing) -> str:
        if passing.payee == self._funder:
            return "returned"
        return {"person": "wages", "agency": "taxes"}.get(passing.payee_kind, "bought")


def _branch(contract: Contracting, sums: Mapping[str, int], branches: tuple[Branch, ...]) -> Branch:
    names = ("received", "plain", "passed", "wages", "taxes", "bought", "returned")
    found = {name: sums.get(name, 0) for name in names}
    gone = sum(found[name] for name in ("passed", "wages", "taxes", "bought", "returned"))
    return Branch(
        contract=contract.id,
        buyer=contract.buyer,
        supplier=contract.supplier,
        cap=contract.cap,
        last=contract.last,
        held=contract.held,
        promised=contract.promised,
        left=found["received"] - gone,
        branches=branches,
        **found,
    )

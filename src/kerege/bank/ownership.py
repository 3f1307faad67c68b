# SPDX-License-Identifier: Apache-2.0
"""Whose a wallet is, and who may see to it: asked before anything is shown or done.

A wallet that is another's and one that is not there look the same.
"""

from kerege.bank.customer import CustomerId
from kerege.bank.customers import Customers
from kerege.errors import KeregeError
from kerege.payments import MalformedName, WalletId, parse_wallet_id

__all__ = ["NothingHere", "Ownership"]


class NothingHere(KeregeError):
    """Not there, or not for this customer: which of them is not told."""

    def __init__(self, what: str) -> None:
        super().__init__(f"you have no {what} of this id")


class Ownership:
    """Answers for one bank's customers."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    def require(self, actor: CustomerId, wallet: str) -> tuple[WalletId, CustomerId]:
        """The wallet and its owner, if `actor` is the owner or the owner's guardian.

        Raises `NothingHere`.
        """
        try:
            checked = parse_wallet_id(wallet)
        except MalformedName:
            raise NothingHere("wallet") from None
        owner = self._customers.customer_of_wallet(checked)
        if owner is None or not self._customers.may_act_for(actor, owner):
            raise NothingHere("wallet")
        return checked, owner

    def require_childs(self, actor: CustomerId, wallet: str) -> WalletId:
        """The wallet, if it is a child's that `actor` answers for. Raises `NothingHere`."""
        checked, owner = self.require(actor, wallet)
        if owner == actor:
            raise NothingHere("child's wallet")
        return checked

    def wallets(self, actor: CustomerId) -> dict[WalletId, bool]:
        """The wallets of `actor` and of the children `actor` answers for; True: in custody."""
        found = dict(self._customers.wallets(actor))
        for ward in self._customers.wards(actor):
            if self._customers.may_act_for(actor, ward.id):
                found |= self._customers.wallets(ward.id)
        return found

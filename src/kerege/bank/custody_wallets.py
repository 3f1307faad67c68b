# SPDX-License-Identifier: Apache-2.0
"""Wallets whose key the bank keeps: opened at a customer's word, and handed over to them.

The customer has no key and so no id to give: a `key` of the request (an Idempotency-Key) stands
for the wallet. Its id is a keyed hash of customer and key, which nobody else can compute.
"""

from typing import Final

from msgspec import Struct

from kerege.bank.answer import Answer
from kerege.bank.custody_orders import CustodyOrders
from kerege.bank.customer import CustomerId
from kerege.bank.customers import Customers
from kerege.bank.ownership import Ownership
from kerege.bank.wallets import OpeningRefused, Wallets
from kerege.keys import KeyEncodingError, RootSecret, format_jwk, parse_jwk
from kerege.ledger import OrderId, format_order_id
from kerege.payments import Open, Verdict, WalletId
from kerege.payments.ids import format_wallet_id

__all__ = ["CustodyWallets", "NewWallet"]

_ID_BYTES: Final = 16


class NewWallet(Struct, frozen=True, kw_only=True):
    """What a customer chooses of a wallet in custody; `overflow` lets what is above the holding
    limit flow to the deposit, `region` is where its owner lives."""

    assets: tuple[str, ...]
    name: str = ""
    overflow: bool = False
    region: str = ""


class CustodyWallets:
    """Opens wallets in custody for the bank `bank`; `secret` is its index secret."""

    def __init__(
        self,
        bank: str,
        wallets: Wallets,
        orders: CustodyOrders,
        *,
        customers: Customers,
        ownership: Ownership,
        secret: RootSecret,
    ) -> None:
        self._bank = bank
        self._wallets = wallets
        self._orders = orders
        self._customers = customers
        self._ownership = ownership
        self._ids = secret.index_key("custody wallet")

    def open(
        self, actor: CustomerId, key: str, wanted: NewWallet, *, owner: CustomerId | None = None
    ) -> tuple[WalletId, Verdict]:
        """Open a wallet for `actor`, or for a child `actor` answers for; the wallet and the core's
        verdict. The same again gets the first answer; another wish under one `key` is refused.

        Raises `OpeningRefused`, `NothingHere`, `CoreUnreachable`.
        """
        holder = owner or actor
        drawn = self._ids.tag(f"{holder}\n{key}".encode())
        wallet, order = drawn[:_ID_BYTES], drawn[_ID_BYTES:]
        customer = self._customers.get(holder)
        document = Open(
            # Ids that begin with bytes of 255 are the core's own.
            id=format_order_id(OrderId(bytes([order[0] & 0x7F]) + order[1:])),
            wallet=format_wallet_id(wallet),
            until_us=0,
            bank=self._bank,
            key="",
            assets=wanted.assets,
            owner_kind=customer.kind,
            tier=customer.tier,
            overflow=wanted.overflow,
            region=wanted.region,
        )
        self._wallets.check_opening(actor, holder, document)
        text = self._orders.opening(document)
        verdict = self._wallets.open(actor, text, name=wanted.name, owner=owner, custody=True)
        return WalletId(document.wallet), verdict

    def hand_over(self, actor: CustomerId, wallet: str, key: str, *, recovery: str = "") -> Answer:
        """Give a wallet its owner's own key (a public JWK): the bank then signs nothing any more.

        Raises `NothingHere`, `NotInCustody`, `OpeningRefused` for a text that is no key.
        """
        checked, owner = self._ownership.require(actor, wallet)
        own, spare = _public(key, "key"), _public(recovery, "recovery") if recovery else ""
        answer = self._orders.hand_over(checked, own, recovery=spare, customer=owner)
        if answer.verdict.accepted:
            self._customers.leave_custody(checked)
        return answer


def _public(text: str, place: str) -> str:
    """The key as every wallet writes it. Raises `OpeningRefused`."""
    try:
        return format_jwk(parse_jwk(text.encode()).public_key).decode()
    except KeyEncodingError as fault:
        raise OpeningRefused(fault.message, place=place) from None

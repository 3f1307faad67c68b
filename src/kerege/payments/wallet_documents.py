# SPDX-License-Identifier: Apache-2.0
"""Documents of wallets themselves: open one, say more of it, move it, give it another key. Pure."""

from typing import Annotated

from msgspec import Meta

from kerege.payments.document_fields import AssetCode, Bank, Signed, Text, Wallet

__all__ = ["Amend", "Open", "Rehome", "Rekey"]


class Open(Signed, frozen=True, kw_only=True, tag="open"):
    """Open a wallet, signed by its new key `key` (a public JWK as text).

    `owner_kind`: person, firm, agency or bank. `tier` names a limit of the country's profile.
    `overflow` lets money above the holding limit go to the bank (waterfall). `recovery`: the
    public key (a JWK as text) that may replace `key` later.
    """

    bank: Bank
    key: Annotated[str, Meta(max_length=1024)]
    assets: Annotated[tuple[AssetCode, ...], Meta(min_length=1, max_length=8)]
    owner_kind: Text
    tier: Text
    category: Annotated[str, Meta(pattern=r"^([0-9]{4})?$(?!\n)", max_length=4)] = ""
    vat: bool = False
    region: Text = ""
    overflow: bool = False
    recovery: Annotated[str, Meta(max_length=1024)] = ""


class Amend(Signed, frozen=True, kw_only=True, tag="amend"):
    """A bank changes what it told of a wallet it keeps; signed by the bank's own wallet."""

    subject: Wallet
    tier: Text
    category: Annotated[str, Meta(pattern=r"^([0-9]{4})?$(?!\n)", max_length=4)] = ""
    vat: bool = False
    region: Text = ""
    overflow: bool = False


class Rehome(Signed, frozen=True, kw_only=True, tag="rehome"):
    """Move this wallet to another bank, which submits it. `key` may bring a new key with it."""

    bank: Bank
    key: Annotated[str, Meta(max_length=1024)] = ""
    overflow: bool = False


class Rekey(Signed, frozen=True, kw_only=True, tag="rekey"):
    """Replace this wallet's key; signed by the present key or the recovery key."""

    key: Annotated[str, Meta(max_length=1024)]
    recovery: Annotated[str, Meta(max_length=1024)] = ""

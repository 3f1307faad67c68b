# SPDX-License-Identifier: Apache-2.0
"""The codes that shops of a sandbox have standing at their tills: whoever scans one pays the shop.

Static: one code for all payments, with a price or without. A bill of its own is `kerege request`.
"""

from typing import Final

from msgspec import Struct

from kerege.keys import load_root_secret
from kerege.money import Amount
from kerege.qr import (
    PROFILES,
    LocalName,
    MerchantCode,
    Payload,
    account_object,
    write_merchant_code,
)
from kerege.sandbox.country import Country
from kerege.sandbox.inhabitants import Firm
from kerege.sandbox.made_up_keys import MadeUpKeys

__all__ = ["ShopCode", "shop_codes"]

_MAX_LOCAL_NAME_CHARS: Final = 25
"""What EMVCo gives a merchant's name in its own letters (tag 64)."""


class ShopCode(Struct, frozen=True):
    """A shop and the code it shows; `key` is what it is called on the command line."""

    key: str
    name: str
    category: str
    bank: str
    wallet: str
    code: Payload


def shop_codes(country: Country, *, amount_minor: int = 0) -> list[ShopCode]:
    """A code for every shop of a country, asking for `amount_minor` or leaving it to the payer.

    Raises `KeyFileError` for a country whose people were never made.
    """
    keys = MadeUpKeys(load_root_secret(country.people / "seed"))
    return [
        ShopCode(
            key=firm.key,
            name=firm.name,
            category=firm.category,
            bank=firm.bank,
            wallet=keys.wallet(firm.key),
            code=_code(country, firm, keys.wallet(firm.key), amount_minor),
        )
        for firm in country.inhabitants().shops
    ]


def _code(country: Country, firm: Firm, wallet: str, amount_minor: int) -> Payload:
    qr = PROFILES[country.profile.qr.country]
    return write_merchant_code(
        MerchantCode(
            accounts=(account_object(qr, wallet),),
            category=firm.category,
            currency=qr.currency,
            country=qr.country,
            name=firm.key,
            city=country.profile.qr.city,
            amount=Amount(amount_minor, qr.currency) if amount_minor else None,
            local_name=LocalName(
                language=_language_of(country, firm).upper(),
                name=firm.name[:_MAX_LOCAL_NAME_CHARS].rstrip(),
            ),
        )
    )


def _language_of(country: Country, firm: Firm) -> str:
    """Shops are called in the country's first two languages in turn."""
    languages = country.profile.languages
    return languages[firm.number % min(2, len(languages))]

# SPDX-License-Identifier: Apache-2.0
"""The QR code of a request to pay: what a payer scans leads to the request at the payee's bank."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from kerege.bank.requests import read_request
from kerege.bank.requests_store import KeptRequest
from kerege.money import Amount, AmountError, AssetError, Assets
from kerege.payments import Request
from kerege.qr import (
    MerchantCode,
    Profile,
    account_object,
    terms_object,
    write_merchant_code,
)
from kerege.wallet.wire import StandingRequest

__all__ = ["RequestCodes", "Sign"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NO_CATEGORY: Final = "0000"
_MAX_NAME_CHARS: Final = 25
_MAX_CITY_CHARS: Final = 15
"""What EMVCo gives the merchant's name and city (tags 59 and 60)."""


class Sign:
    """What a code shows of its payee: a name and a city for eyes, a category for statistics."""

    def __init__(self, name: str, city: str, category: str = _NO_CATEGORY) -> None:
        self.name = name[:_MAX_NAME_CHARS] or "-"
        self.city = city[:_MAX_CITY_CHARS] or "-"
        self.category = category or _NO_CATEGORY


class RequestCodes:
    """Writes codes for one country; `sign_of` says what a customer's codes show."""

    def __init__(self, profile: Profile, assets: Assets, sign_of: Callable[[str], Sign]) -> None:
        self._profile = profile
        self._assets = assets
        self._sign_of = sign_of

    def standing(self, kept: KeptRequest) -> StandingRequest:
        """A kept request as its payee is shown it."""
        request = read_request(kept.text)
        return StandingRequest(
            id=request.id,
            wallet=request.wallet,
            asset=request.asset,
            amount=request.amount,
            until_us=request.until_us,
            request=kept.text,
            qr=self._payload(request, kept.customer),
            note=kept.note,
        )

    def _payload(self, request: Request, customer: str) -> str:
        """Empty where EMVCo has no way to say it: money that is no national currency."""
        amount = self._amount(request)
        if amount is None:
            return ""
        sign = self._sign_of(customer)
        expires = _EPOCH + timedelta(microseconds=request.until_us)
        code = MerchantCode(
            accounts=(account_object(self._profile, request.wallet),),
            category=sign.category,
            currency=self._profile.currency,
            country=self._profile.country,
            name=sign.name,
            city=sign.city,
            amount=amount,
            dynamic=True,
            others=(terms_object(self._profile, expires_at=expires, request_id=request.id),),
        )
        return write_merchant_code(code).write()

    def _amount(self, request: Request) -> Amount | None:
        try:
            asset = self._assets.by_code(request.asset)
            return Amount(request.amount, asset) if asset == self._profile.currency else None
        except (AssetError, AmountError):
            return None

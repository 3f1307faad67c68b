# SPDX-License-Identifier: Apache-2.0
"""What a bank's staff and its other systems do in a sandbox: open customers, book what came in."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from kerege.bank.personal_data import Document, PersonalData
from kerege.bank.tiers import TierBook
from kerege.errors import KeregeError
from kerege.keys import key_thumbprint, load_private_key
from kerege.runtime import Clock, SystemRandomness
from kerege.sandbox.inhabitants import Firm, Person, Pupil
from kerege.service import NodeClient

__all__ = ["BankStaff", "StaffRefused"]

_MOST_AT_ONCE = 200
_TAKEN = frozenset({"phone_taken", "tax_number_taken"})


class StaffRefused(KeregeError):
    """A bank's node would not do what its staff asked for."""


class _New(Struct, frozen=True):
    kind: str
    tier: str
    data: PersonalData
    language: str
    guardian: str = ""


class _AllNew(Struct, frozen=True):
    customers: list[_New]


class _Opened(Struct, frozen=True):
    refused: str = ""


class _AllOpened(Struct, frozen=True):
    customers: list[_Opened]


class _Booking(Struct, frozen=True):
    phone: str
    asset: str
    amount: int
    reference: str


class _Bookings(Struct, frozen=True):
    bookings: list[_Booking]


class _Booked(Struct, frozen=True):
    code: str


class _AllBooked(Struct, frozen=True):
    bookings: list[_Booked]


class BankStaff:
    """Signs with the key in the file `key`; blocks, so asynchronous callers use threads."""

    def __init__(self, url: str, key: Path, tiers: TierBook, clock: Clock) -> None:
        private = load_private_key(key)
        self._tiers = tiers
        self._client = NodeClient(
            url,
            clock=clock,
            randomness=SystemRandomness(),
            key=private,
            keyid=key_thumbprint(private.public_key),
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def open_customers(self, everyone: Sequence[Person | Firm]) -> None:
        """Open all of them; those who are customers already stay so. Raises `StaffRefused`, or
        what `NodeClient` raises."""
        for start in range(0, len(everyone), _MOST_AT_ONCE):
            asked = [self._application(one) for one in everyone[start : start + _MOST_AT_ONCE]]
            told = self._client.post("/v1/staff/customers", _AllNew(asked), _AllOpened)
            for opened in told.customers:
                if opened.refused and opened.refused not in _TAKEN:
                    raise StaffRefused(f"a customer was not opened: {opened.refused}")

    def open_pupil(self, pupil: Pupil, guardian: str) -> None:
        """Open a child whom the customer `guardian` (an id) answers for; one who is a customer
        already stays so. Raises alike."""
        data = PersonalData(name=pupil.name, phone=pupil.phone, birth_date=pupil.birth_date)
        new = _New("person", pupil.tier, data, pupil.language, guardian)
        told = self._client.post("/v1/staff/customers", _AllNew([new]), _AllOpened)
        (opened,) = told.customers
        if opened.refused and opened.refused not in _TAKEN:
            raise StaffRefused(f"a pupil was not opened: {opened.refused}", place=pupil.key)

    def pay_in(self, phone: str, *, asset: str, amount: int, reference: str) -> None:
        """Book money from outside; once for one `reference`. Raises alike."""
        booking = _Booking(phone, asset, amount, reference)
        told = self._client.post("/v1/staff/deposits", _Bookings([booking]), _AllBooked)
        (booked,) = told.bookings
        if booked.code != "accepted":
            raise StaffRefused(f"money was not booked: {booked.code}", place=phone)

    def _application(self, one: Person | Firm) -> _New:
        kind = one.owner_kind if isinstance(one, Firm) else "person"
        language = "ru" if isinstance(one, Firm) else one.language
        tier = self._tiers.find(kind, one.tier)
        return _New(kind, one.tier, _papers(one, tier.requires), language)


def _papers(one: Person | Firm, wanted: Sequence[str]) -> PersonalData:
    """Made-up papers with all that is `wanted`, and nothing else."""
    everything: dict[str, object] = {
        "name": one.name,
        "phone": one.phone,
        "tax_number": one.tax_number,
        "birth_date": f"{1950 + one.number % 50}-{1 + one.number % 12:02}-{1 + one.number % 28:02}",
        "document": Document(kind="id-card", number=f"N{one.number:09}"),
        "address": f"{one.region} {one.number}",
    }
    kept = {name: everything[name] for name in wanted} | {"phone": one.phone, "name": one.name}
    return PersonalData(**kept)  # type: ignore[arg-type]  # members are those of PersonalData

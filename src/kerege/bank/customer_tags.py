# SPDX-License-Identifier: Apache-2.0
"""How customers are found: by keyed hashes of their telephone and tax numbers."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from kerege.bank import customers_store as store
from kerege.bank.customer import CustomerId, CustomerRefusal
from kerege.bank.personal_data import PersonalData
from kerege.keys import RootSecret

__all__ = ["FOUND_BY", "TAKEN", "CustomerTags"]

TAKEN: Final = {
    "phone": CustomerRefusal.PHONE_TAKEN,
    "tax_number": CustomerRefusal.TAX_NUMBER_TAKEN,
}
"""Members somebody is found by, and what is said if another customer has the same."""

FOUND_BY: Final = tuple(TAKEN)


class CustomerTags:
    """Makes keyed hashes, and asks whom they lead to. `index` is the bank's index secret."""

    def __init__(self, index: RootSecret) -> None:
        self._keys = {kind: index.index_key(f"customer {kind}") for kind in FOUND_BY}

    def tag(self, kind: str, value: str) -> bytes | None:
        """The hash of a value of a kind; None of an empty one, by which nobody is found."""
        return self._keys[kind].tag(value.encode()) if value else None

    def of(self, data: PersonalData) -> list[tuple[str, bytes]]:
        """The kinds and hashes somebody is found by, telephone first."""
        found = ((kind, self.tag(kind, getattr(data, kind))) for kind in FOUND_BY)
        return [(kind, tag) for kind, tag in found if tag is not None]

    def holders(
        self, connection: sa.Connection, people: Sequence[PersonalData]
    ) -> dict[tuple[str, bytes], CustomerId]:
        """Which customers are found already by what these people would be found by."""
        tags = [each for data in people for each in self.of(data)]
        return {
            (kind, tag): holder
            for kind in FOUND_BY
            for tag, holder in store.holders_of(
                connection, kind, [tag for its_kind, tag in tags if its_kind == kind]
            ).items()
        }

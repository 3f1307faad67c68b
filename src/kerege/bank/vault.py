# SPDX-License-Identifier: Apache-2.0
"""Personal data at rest: sealed under a key per customer, each key wrapped by the master key.

A sealed field opens only as that field of that customer: both are bound to it as associated
data, so that rows exchanged in the database do not open. To forget a customer is to destroy one
key. A backup still holds that key, wrapped: it is out of reach for good once every key is wrapped
anew (`rewrap`) and the master key of the backup is destroyed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from kerege.bank import vault_store as store
from kerege.errors import InvariantViolation, KeregeError
from kerege.keys import RootSecret, SealingKey
from kerege.runtime.randomness import Randomness
from kerege.runtime.tables import Tables

__all__ = ["MAX_FIELD_BYTES", "MissingMasterKey", "NothingKept", "Vault"]

MAX_FIELD_BYTES: Final = 4096
"""Bytes of one field: the longest name, address or document in UTF-8 is far shorter."""

_WRAP_LABEL: Final = "vault"
_REWRAP_AT_ONCE: Final = 500
"""Keys per SQL transaction: other writers of an SQLite file wait some milliseconds."""


class NothingKept(KeregeError):
    """There is no personal data of this owner: never was, or it was forgotten."""


class MissingMasterKey(KeregeError):
    """A customer's key is wrapped by a master key this node was not given."""


class Vault:
    """Seals and opens fields of text inside the caller's SQL transaction. Safe among threads.

    `master` wraps every new key; `retired` are earlier master keys that may still have wrapped
    some, until `rewrap` has been through. An owner is a customer's id; fields have short names.
    """

    def __init__(
        self, master: RootSecret, *, retired: Sequence[RootSecret] = (), randomness: Randomness
    ) -> None:
        self._master_name = master.name
        self._wrapping = {
            secret.name: secret.sealing_key(_WRAP_LABEL) for secret in (*retired, master)
        }
        self._randomness = randomness

    def create(
        self, connection: sa.Connection, owners: Mapping[str, Mapping[str, str | None]]
    ) -> None:
        """Draw a key for each new owner and seal its fields; None is not kept."""
        keys, sealed = [], []
        for owner, fields in owners.items():
            key = SealingKey.generate(randomness=self._randomness.draw)
            keys.append((owner, self._master_name, self._wrap(key, owner)))
            sealed += [
                (owner, field, self._seal(key, owner, field, text))
                for field, text in fields.items()
                if text is not None
            ]
        store.insert_keys(connection, keys)
        store.insert_fields(connection, sealed)

    def write(
        self, connection: sa.Connection, owner: str, fields: Mapping[str, str | None]
    ) -> None:
        """Set each field of `fields`, or remove it if None; others stay. Raises `NothingKept`."""
        key = self._key(connection, owner)
        sealed = {
            field: None if text is None else self._seal(key, owner, field, text)
            for field, text in fields.items()
        }
        store.replace_fields(connection, owner, sealed)

    def read(self, connection: sa.Connection, owner: str) -> dict[str, str]:
        """All fields of an owner. Raises `NothingKept`; `SealBrokenError` if rows were changed."""
        key = self._key(connection, owner)
        return {
            field: key.unseal(sealed, place=_place(owner, field)).decode()
            for field, sealed in store.fields_of(connection, owner)
        }

    def forget(self, connection: sa.Connection, owners: Iterable[str]) -> None:
        """Destroy keys and fields; nothing happens for an owner without any.

        When the transaction has committed, call `scrub`.
        """
        for owner in owners:
            store.destroy(connection, owner)

    def scrub(self, tables: Tables) -> None:
        """Have the database file itself give up what was destroyed, as far as it can."""
        store.scrub(tables)

    def rewrap(self, tables: Tables) -> int:
        """Wrap every key that another master key wrapped under the present one; say how many.

        May run while the bank works, on several nodes, and again after a crash. When it returns 0
        the retired master keys may be destroyed. Raises `MissingMasterKey`.
        """
        done = 0
        while True:
            with tables.begin() as connection:
                rows = store.keys_not_under(connection, self._master_name, limit=_REWRAP_AT_ONCE)
                for owner, master, wrapped in rows:
                    key = self._unwrap(owner, master, wrapped)
                    store.replace_key(connection, owner, self._master_name, self._wrap(key, owner))
            if not rows:
                return done
            done += len(rows)

    def _wrap(self, key: SealingKey, owner: str) -> bytes:
        wrapping = self._wrapping[self._master_name]
        return wrapping.wrap(key, place=_place(owner, ""), randomness=self._randomness.draw)

    def _unwrap(self, owner: str, master: str, wrapped: bytes) -> SealingKey:
        if master not in self._wrapping:
            raise MissingMasterKey(
                f"the master key {master} is needed and was not given",
                place=owner,
                remedy="name its file among the retired master keys of this node",
            )
        return self._wrapping[master].unwrap(wrapped, place=_place(owner, ""))

    def _key(self, connection: sa.Connection, owner: str) -> SealingKey:
        row = store.find_key(connection, owner)
        if row is None:
            raise NothingKept("no personal data is kept", place=owner)
        return self._unwrap(owner, *row)

    def _seal(self, key: SealingKey, owner: str, field: str, text: str) -> bytes:
        data = text.encode()
        if len(data) > MAX_FIELD_BYTES:
            # Whoever read the text from outside has its own, lower limit.
            raise InvariantViolation(f"{field} has {len(data)} bytes, above {MAX_FIELD_BYTES}")
        return key.seal(data, place=_place(owner, field), randomness=self._randomness.draw)


def _place(owner: str, field: str) -> bytes:
    """What a sealed text is bound to; the empty field is the wrapped key itself."""
    return f"kerege vault v1\0{owner}\0{field}".encode()

# SPDX-License-Identifier: Apache-2.0
"""Keys the bank keeps for customers whose card or simple phone cannot.

A key exists in memory while it signs, and sealed in the bank's database otherwise, bound to its
wallet: rows exchanged do not open. What it signs is a document of its own wallet and nothing else.
Who has the database and the master secret can sign for these customers; the master secret is
therefore a file of its own, or comes from a module.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from msgspec.structs import replace

from kerege.bank import custody_store as store
from kerege.bank.custody_store import NEXT, PRESENT, KeptKey
from kerege.errors import KeregeError
from kerege.keys import Algorithm, PrivateKey, PublicKey, RootSecret, key_thumbprint, sign_compact
from kerege.keys.sealed_key import seal_private_key, unseal_private_key
from kerege.payments.documents import ORDER_TYP, Document, encode_document
from kerege.runtime import Clock, Randomness
from kerege.runtime.tables import Tables

__all__ = ["Custody", "NotInCustody"]

_LABEL: Final = "custody"
_REWRAP_AT_ONCE: Final = 500


class NotInCustody(KeregeError):
    """The bank keeps no key for this wallet, or none that it can open."""


class Custody:
    """The keys in custody. `master` seals new ones; `retired` secrets may still seal some, until
    `rewrap` has been through. Safe among threads and nodes."""

    def __init__(
        self,
        tables: Tables,
        master: RootSecret,
        *,
        retired: Sequence[RootSecret] = (),
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        self._tables = tables
        self._master = master.name
        self._sealing = {one.name: one.sealing_key(_LABEL) for one in (*retired, master)}
        self._clock = clock
        self._randomness = randomness

    def draw(self, wallet: str) -> PublicKey:
        """The key that a new wallet is opened with; the same one if it was drawn before."""
        return self._drawn(wallet, PRESENT)

    def public_key(self, wallet: str) -> PublicKey:
        """The key that signs for a wallet. Raises `NotInCustody`."""
        return self._key(wallet, PRESENT).public_key

    def drawn_us(self, wallet: str) -> int:
        """When the key that signs for a wallet was drawn. Raises `NotInCustody`."""
        return self._kept(wallet, PRESENT).made_us

    def sign(self, document: Document) -> bytes:
        """A document signed for its own wallet. Raises `NotInCustody`."""
        return _signed(self._key(document.wallet, PRESENT), document)

    def draw_next(self, wallet: str) -> PublicKey:
        """The key that a `Rekey` of this wallet is to bring; the same one until it is in force."""
        self._key(wallet, PRESENT)
        return self._drawn(wallet, NEXT)

    def to_come(self) -> list[tuple[str, str]]:
        """Wallets and thumbprints of the keys that are not in force yet."""
        with self._tables.read() as connection:
            return store.keys_to_come(connection)

    def put_in_force(self, wallet: str, kid: str) -> None:
        """The core has accepted the `Rekey`: from now on that key signs, and the one before is
        gone. A repeat changes nothing."""
        with self._tables.begin() as connection:
            store.promote(connection, wallet, kid)

    def give_up(self, wallet: str, kid: str) -> None:
        """The core has refused the `Rekey`: the next one brings another key."""
        with self._tables.begin() as connection:
            store.remove_next(connection, wallet, kid)

    def destroy(self, wallet: str) -> None:
        """Destroy a wallet's keys, for instance because its owner has taken over with a key of
        their own."""
        with self._tables.begin() as connection:
            store.remove_keys(connection, wallet)

    def rewrap(self) -> int:
        """Seal under the present master secret what another one seals; returns how many."""
        done = 0
        while True:
            with self._tables.begin() as connection:
                kept = store.keys_not_under(connection, self._master, limit=_REWRAP_AT_ONCE)
                for one in kept:
                    store.replace_sealed(connection, self._sealed_anew(one))
            if not kept:
                return done
            done += len(kept)

    def _drawn(self, wallet: str, state: str) -> PublicKey:
        try:
            with self._tables.begin() as connection:
                kept = store.find_key(connection, wallet, state)
                if kept is None:
                    return self._insert(connection, wallet, state)
        except sa.exc.IntegrityError:
            # Another node has drawn one at the same time: that one it is.
            with self._tables.read() as connection:
                kept = store.find_key(connection, wallet, state)
            if kept is None:
                raise
        return self._open(kept).public_key

    def _insert(self, connection: sa.Connection, wallet: str, state: str) -> PublicKey:
        key = PrivateKey.generate(Algorithm.ED25519, randomness=self._randomness.draw)
        kept = KeptKey(
            wallet=wallet,
            kid=key_thumbprint(key.public_key),
            master=self._master,
            sealed=b"",
            state=state,
            made_us=self._clock.now_us(),
        )
        store.insert_key(connection, self._seal(kept, key))
        return key.public_key

    def _key(self, wallet: str, state: str) -> PrivateKey:
        return self._open(self._kept(wallet, state))

    def _kept(self, wallet: str, state: str) -> KeptKey:
        with self._tables.read() as connection:
            kept = store.find_key(connection, wallet, state)
        if kept is None:
            raise NotInCustody(
                "the bank keeps no key for this wallet",
                place=wallet[:40],
                remedy="sign on the device that has it",
            )
        return kept

    def _open(self, kept: KeptKey) -> PrivateKey:
        sealing = self._sealing.get(kept.master)
        if sealing is None:
            raise NotInCustody(
                f"the master secret {kept.master} is needed and was not given",
                place=kept.wallet,
                remedy="name its file among the retired master secrets of this node",
            )
        return unseal_private_key(kept.sealed, sealing, place=_place(kept))

    def _seal(self, kept: KeptKey, key: PrivateKey) -> KeptKey:
        sealing, place = self._sealing[self._master], _place(kept)
        sealed = seal_private_key(key, sealing, place=place, randomness=self._randomness.draw)
        return replace(kept, master=self._master, sealed=sealed)

    def _sealed_anew(self, kept: KeptKey) -> KeptKey:
        return self._seal(kept, self._open(kept))


def _place(kept: KeptKey) -> bytes:
    return f"kerege custody v1\0{kept.wallet}\0{kept.kid}".encode()


def _signed(key: PrivateKey, document: Document) -> bytes:
    kid = key_thumbprint(key.public_key)
    return sign_compact(encode_document(document), key, kid=kid, typ=ORDER_TYP)

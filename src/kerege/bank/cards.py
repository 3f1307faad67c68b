# SPDX-License-Identifier: Apache-2.0
"""Cards of a bank's customers: bound to a wallet in custody, blocked when lost, given up.

A card is an alias that only shops use (`card_payments`): customers cannot ask whom it leads to. The
directory is told first and our own row comes second; a card pays only while both stand, so that a
crash between leaves a card that does not pay, and doing the same again mends it.
"""

from msgspec import Struct
from msgspec.structs import replace

from kerege.bank import cards_store as store
from kerege.bank.alias import AliasRefusal
from kerege.bank.aliases import Aliases
from kerege.bank.card import Card, CardState, CardUnfit, format_card_id, is_card_id
from kerege.bank.customer import CustomerId
from kerege.bank.customers import Customers
from kerege.bank.ownership import NothingHere, Ownership
from kerege.payments import WalletId
from kerege.payments.aliases import normalise_card_token
from kerege.runtime import Clock, IdMaker
from kerege.runtime.tables import Tables

__all__ = ["Cards", "ShownCard"]


class ShownCard(Struct, frozen=True):
    """A card and how its owner knows it: its last characters."""

    card: Card
    shown: str


class Cards:
    """The cards of one bank. Safe among threads and nodes."""

    def __init__(
        self,
        tables: Tables,
        aliases: Aliases,
        *,
        customers: Customers,
        ownership: Ownership,
        clock: Clock,
        ids: IdMaker,
    ) -> None:
        self._tables = tables
        self._aliases = aliases
        self._customers = customers
        self._ownership = ownership
        self._clock = clock
        self._ids = ids

    def bind(self, actor: CustomerId, token: str, wallet: str) -> ShownCard | AliasRefusal:
        """Let a card pay from a wallet in custody, `actor`'s own or a child's; again changes
        nothing, another wallet of the same owner takes its place, a blocked card stays blocked.

        Raises `MalformedAlias`, `NothingHere`, `CardUnfit`, `CoreUnreachable`.
        """
        alias = normalise_card_token(token)
        checked, owner = self._ownership.require(actor, wallet)
        self._require_free(actor)
        if not self._customers.wallets(owner).get(checked, False):
            raise CardUnfit("the bank has no key to sign with for this wallet", place="wallet")
        # Whoever holds a card may bind it: it only ever pays from this owner's own wallet.
        claimed = self._aliases.claim(owner, checked, f"card:{alias.value}", proven=True)
        if isinstance(claimed, AliasRefusal):
            return claimed
        return ShownCard(self._save(claimed.tag, owner, checked), claimed.shown)

    def listed(self, actor: CustomerId) -> list[ShownCard]:
        """The cards of `actor` and of the children `actor` answers for."""
        wards = [ward.id for ward in self._customers.wards(actor)]
        owners = [actor, *(ward for ward in wards if self._customers.may_act_for(actor, ward))]
        return [shown for owner in owners for shown in self._of(owner)]

    def set_state(self, actor: CustomerId, card: str, state: CardState) -> ShownCard:
        """Block a card, or let it pay again. A child may block, and not undo it.

        Raises `NothingHere`, `CardUnfit`.
        """
        if state is CardState.ACTIVE:
            self._require_free(actor)
        self._require(actor, card)
        with self._tables.begin() as connection:
            known = store.find_card(connection, card)
            if known is None:
                raise NothingHere("card")
            changed = replace(known, state=state, changed_us=self._clock.now_us())
            store.save_card(connection, changed)
        return ShownCard(changed, self._shown(changed.customer).get(changed.tag, ""))

    def give_up(self, actor: CustomerId, card: str) -> None:
        """Forget a card; others may bind it then. Raises `NothingHere`, `CardUnfit`,
        `CoreUnreachable`: then the same again goes on with it."""
        known = self._require(actor, card)
        self._require_free(actor)
        self._aliases.release_tag(known.customer, known.tag)
        with self._tables.begin() as connection:
            store.delete_card(connection, card)

    def forget_wallet(self, wallet: WalletId) -> None:
        """The wallet has left, or its key is no longer the bank's: its cards pay no more. Raises
        `CoreUnreachable`: then the same again goes on with it."""
        self._aliases.release_wallet(wallet, kind="card")
        with self._tables.begin() as connection:
            store.delete_cards_of_wallet(connection, wallet)

    def payable(self, tag: str) -> Card | None:
        """The card of a tag, if it pays: not blocked, and in the directory as ours."""
        with self._tables.read() as connection:
            card = store.find_by_tag(connection, tag)
        if card is None or card.state is not CardState.ACTIVE:
            return None
        return card if self._aliases.is_listed(tag, card.wallet) else None

    def blocked(self, tag: str) -> Card | None:
        """The card of a tag, if it is one of ours that is blocked."""
        with self._tables.read() as connection:
            card = store.find_by_tag(connection, tag)
        return card if card is not None and card.state is CardState.BLOCKED else None

    def _save(self, tag: str, owner: CustomerId, wallet: WalletId) -> Card:
        now_us = self._clock.now_us()
        with self._tables.begin() as connection:
            known = store.find_by_tag(connection, tag)
            if known is not None and known.customer != owner:
                # Given up by another, whose row a crash has left.
                store.delete_card(connection, known.id)
                known = None
            card = known or Card(
                id=format_card_id(self._ids.make()),
                tag=tag,
                customer=owner,
                wallet=wallet,
                state=CardState.ACTIVE,
                bound_us=now_us,
                changed_us=now_us,
            )
            if card.wallet != wallet:
                card = replace(card, wallet=wallet, changed_us=now_us)
            store.save_card(connection, card)
        return card

    def _require(self, actor: CustomerId, card: str) -> Card:
        """A card `actor` may see to. Raises `NothingHere`."""
        with self._tables.read() as connection:
            known = store.find_card(connection, card) if is_card_id(card) else None
        if known is None or not self._customers.may_act_for(actor, known.customer):
            raise NothingHere("card")
        return known

    def _require_free(self, actor: CustomerId) -> None:
        """Raises `CardUnfit` for a child: what a guardian closed, a child must not open."""
        if self._customers.get(actor).guardian is not None:
            raise CardUnfit("a guardian does this for a child", place="customer")

    def _of(self, owner: CustomerId) -> list[ShownCard]:
        with self._tables.read() as connection:
            cards = store.cards_of(connection, owner)
        shown = self._shown(owner) if cards else {}
        return [ShownCard(card, shown.get(card.tag, "")) for card in cards]

    def _shown(self, owner: CustomerId) -> dict[str, str]:
        return {one.tag: one.shown for one in self._aliases.listed(owner)}

# SPDX-License-Identifier: Apache-2.0
"""The core in one process: the core's own register, acceptance and events, and no network.

For tests of a bank, for simulation, and for whoever connects a core-banking system and wants the
core's answers at hand. What a central bank does under dual control (admitting an institution,
issuing money) is one call here, and there is no log.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from kerege.bank.core_line import MAX_LINES, MAX_SUBMITTED, Resolved
from kerege.centralbank.acceptance import Acceptance
from kerege.centralbank.actions import Action
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    PROPOSAL_TYP,
    Approval,
    Proposal,
    ProposalText,
    encode_text,
)
from kerege.centralbank.contract_trees import ContractTrees
from kerege.centralbank.feed import Feed
from kerege.centralbank.holdings import Holdings
from kerege.centralbank.programme_pages import programme_list, programme_page
from kerege.centralbank.programme_report import ProgrammeReports
from kerege.centralbank.register import Register, found_country
from kerege.centralbank.register_parameters import Parameters
from kerege.centralbank.register_participants import Licence, Participant, Role
from kerege.centralbank.stores import participants
from kerege.centralbank.stores.changes import Change, note_changes
from kerege.centralbank.stores.schema import METADATA, NAME, VERSION
from kerege.centralbank.telling import Teller
from kerege.centralbank.vat_books import VatBooks
from kerege.errors import KeregeError
from kerege.keys import (
    Algorithm,
    BatchVerifier,
    PrivateKey,
    PublicKey,
    key_thumbprint,
    parse_compact,
    sign_compact,
)
from kerege.ledger import (
    AccountId,
    Ledger,
    Order,
    Transfer,
    parse_order_id,
)
from kerege.ledger.stores.opening import open_store
from kerege.payments.derived import derived_order_id
from kerege.payments.documents import Open, decode_document
from kerege.payments.events import Page
from kerege.payments.holdings import Balance, Line, WalletView
from kerege.payments.ids import ParticipantId
from kerege.payments.scene import WalletFacts
from kerege.payments.verdict import Verdict
from kerege.programmes.published import ProgrammeList, ProgrammePage
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = ["CoreTwin", "TwinReports"]

_STAFF: Final = ("twin-staff-one", "twin-staff-two")
"""Who acts for the central bank here."""

_HOUR_US: Final = 3_600_000_000
_LAST_SEQ: Final = 2**53
"""Behind every line of a statement."""


class TwinReports(NamedTuple):
    """Readers of what programmes did."""

    report: ProgrammeReports
    trees: ContractTrees
    vat: VatBooks


class CoreTwin:
    """One country's core, its files in `folder`."""

    def __init__(self, folder: Path, clock: Clock, parameters: Parameters) -> None:
        """Found it, or open it as it was left. `parameters` name assets and tiers."""
        self._store = open_store(f"sqlite:///{folder / 'ledger.db'}")
        self.ledger = Ledger(self._store, clock.now_us)
        url = f"sqlite:///{folder / 'register.db'}"
        ticks = count()
        # It looks for changes at every batch, so that a simulation runs the same twice.
        self.register = Register(url, self.ledger, clock, stopwatch=lambda: float(next(ticks)))
        found_country(
            self.register, parameters, staff=_twin_staff(), operator_key=_twin_key(0).public_key
        )
        self._tables = Tables(url, METADATA, name=NAME, version=VERSION)
        self._acceptance = Acceptance(
            self.ledger, self.register, clock, verifier=BatchVerifier(threads=1)
        )
        self._feed = Feed(self._store, Teller(self.ledger, self.register))
        self._holdings = Holdings(self.ledger, self.register)
        self._aliases: dict[str, str] = {}
        self._clock = clock

    def open_bank(self, opening: bytes) -> None:
        """Take an institution in by its own wallet's signed `Open`."""
        document = decode_document(parse_compact(opening).payload)
        if not isinstance(document, Open):
            raise KeregeError("an institution comes in by the Open of its wallet")
        bank = ParticipantId(document.bank)
        participant = Participant(
            id=bank, roles=frozenset({Role.INTERMEDIARY}), keys={}, licence=Licence()
        )
        with self._tables.begin() as connection:
            participants.insert_participant(connection, participant)
            note_changes(connection, [Change("participant", bank)])
        (verdict,) = self.submit(bank, [opening])
        if not verdict.accepted:
            raise KeregeError(f"the institution's wallet was refused: {verdict.code}")

    def suspend(self, bank: str, *, suspended: bool = True) -> None:
        """Hear nothing more from an institution, or hear it again."""
        with self._tables.begin() as connection:
            participants.set_suspended(connection, ParticipantId(bank), suspended)
            note_changes(connection, [Change("participant", bank)])

    def issue(self, reference: str, wallet: str, asset: str, amount: int) -> None:
        """Put new money into a bank's wallet, once for one `reference`."""
        issuer = AccountId(self.register.accounts().issuers[asset])
        transfer = Transfer(issuer, self.facts(wallet).accounts[asset], amount)
        order = Order(derived_order_id("twin-issue", reference), (transfer,))
        (outcome,) = self.ledger.post([order])
        if outcome.refusal is not None:
            raise KeregeError(f"nothing was issued: {outcome.refusal.name}")

    def act(self, action: Action, *, reason: str = "for a test") -> Proposal:
        """Have one of the staff propose an action and another approve it; once for one action."""
        name = derived_order_id("twin-action", msgspec.json.encode(action).hex())
        text = ProposalText(
            id=f"prp_{name.hex()}",
            action=action,
            reason=reason,
            expires_us=self._clock.now_us() + _HOUR_US,
        )
        proposed = self.register.propose(_signed(text, PROPOSAL_TYP, _twin_key(1)))
        approval = Approval(proposal=proposed.id, sha256=proposed.sha256)
        return self.register.approve(_signed(approval, APPROVAL_TYP, _twin_key(2)))

    def facts(self, wallet: str) -> WalletFacts:
        """A wallet there is."""
        facts = self.register.wallet(wallet)
        if facts is None:
            raise KeregeError(f"there is no wallet {wallet[:40]!r}", remedy="open it first")
        return facts

    def accepted(self) -> list[tuple[int, bytes]]:
        """Time and signed text of every order accepted so far."""
        batches = self._store.batches(first_leaf=0, limit=2**31)
        return [
            (batch.at_us, stored.evidence)
            for batch in batches
            for stored in batch.orders
            if stored.evidence
        ]

    def close(self) -> None:
        """Decide what waits and close everything."""
        self._acceptance.close()
        self._tables.close()
        self.register.close()
        self.ledger.close()

    # -- what a line asks --

    def submit(self, bank: ParticipantId, texts: Sequence[bytes]) -> list[Verdict]:
        """See `CoreLine.submit`."""
        if len(texts) > MAX_SUBMITTED:
            raise KeregeError(f"at most {MAX_SUBMITTED} orders at once, not {len(texts)}")
        return self._acceptance.submit_all(bank, texts).result() if texts else []

    def try_out(self, bank: ParticipantId, text: bytes) -> Verdict:
        """See `CoreLine.try_out`."""
        return self._acceptance.try_out(bank, text)

    def verdict(self, order_id: str) -> Verdict | None:
        """See `CoreLine.verdict`."""
        return self._acceptance.verdict(parse_order_id(order_id))

    def events(self, bank: ParticipantId, after: int, limit: int) -> Page:
        """See `CoreLine.events`."""
        return self._feed.after(after, bank=bank, limit=limit)

    def balances(self, bank: ParticipantId, wallet: str) -> list[Balance]:
        """See `CoreLine.balances`."""
        return self._holdings.balances(bank, wallet) or []

    def statement(
        self, bank: ParticipantId, wallet: str, *, asset: str, before: int | None, limit: int
    ) -> list[Line]:
        """See `CoreLine.statement`."""
        found = self._holdings.statement(
            bank,
            wallet,
            asset=asset,
            before=_LAST_SEQ if before is None else before,
            limit=min(limit, MAX_LINES),
        )
        return found or []

    def view(self, bank: ParticipantId, wallet: str) -> WalletView | None:
        """See `CoreLine.wallet`; keys are not told."""
        view = self._holdings.view(bank, wallet)
        return None if view is None else replace(view, keys=())

    def programmes(self, after: str) -> ProgrammeList:
        """See `CoreLine.programmes`."""
        return programme_list(self.register, after=after)

    def programme(self, programme: str, version: int) -> ProgrammePage | None:
        """See `CoreLine.programme`."""
        return programme_page(self.register, programme, version=version)

    def reports(self, bank: ParticipantId, programme: str) -> TwinReports | None:
        """What `CoreLine.programme_report` and its kin read, if `bank` may."""
        record = self.register.programme_records().get(programme)
        readers = frozenset[str]() if record is None else record.newest.terms.readers
        kept = (self.register.wallet(wallet) for wallet in readers)
        if not any(one is not None and one.bank == bank for one in kept):
            return None
        parts = (self._store, self.ledger, self.register)
        return TwinReports(ProgrammeReports(*parts), ContractTrees(*parts), VatBooks(*parts))

    def put_alias(self, tag: str, wallet: str) -> None:
        """See `CoreLine.put_alias`."""
        self._aliases[tag] = wallet

    def drop_alias(self, tag: str) -> None:
        """See `CoreLine.drop_alias`."""
        self._aliases.pop(tag, None)

    def resolve(self, tag: str) -> Resolved | None:
        """See `CoreLine.resolve`."""
        wallet = self._aliases.get(tag)
        return None if wallet is None else Resolved(wallet, self.facts(wallet).bank)


def _signed(text: ProposalText | Approval, typ: str, key: PrivateKey) -> bytes:
    return sign_compact(encode_text(text), key, kid=key_thumbprint(key.public_key), typ=typ)


def _twin_key(number: int) -> PrivateKey:
    return PrivateKey(Algorithm.ED25519, bytes(31) + bytes([number]))


def _twin_staff() -> Mapping[ParticipantId, PublicKey]:
    return {
        ParticipantId(name): _twin_key(number).public_key
        for number, name in enumerate(_STAFF, start=1)
    }

# SPDX-License-Identifier: Apache-2.0
"""The register of the central bank: participants, their keys, wallets, the core's own accounts.

It lies in tables of its own beside the ledger. The ledger is the only truth about money and limits;
here is who may move it. Several nodes may share the tables.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from kerege.centralbank.actions_desk import ActionDesk
from kerege.centralbank.actions_proposals import AccessEntry, Proposal
from kerege.centralbank.directory import Directory
from kerege.centralbank.programme_refusals import RefusalCounts
from kerege.centralbank.register_facts import MOST_REMEMBERED, Facts
from kerege.centralbank.register_founding import found_tables
from kerege.centralbank.register_parameters import Parameters
from kerege.centralbank.register_participants import KeyRecord, Participant, SystemAccounts
from kerege.centralbank.register_preparing import Asked, WalletDocument
from kerege.centralbank.register_programmes import ProgrammeBook, ProgrammeRecord, RulesOf
from kerege.centralbank.register_wallets import WalletChanges
from kerege.centralbank.stores.changes import Change, note_changes
from kerege.centralbank.stores.departures import bank_left
from kerege.centralbank.stores.programmes import VersionRow, read_versions, settle_closed
from kerege.centralbank.stores.schema import METADATA, NAME, VERSION
from kerege.centralbank.stores.wallets import SIGNING, wallet_keys
from kerege.centralbank.supply import Supply, supply_of
from kerege.errors import KeregeError
from kerege.keys import PublicKey
from kerege.ledger import AccountId, Ledger, Mark
from kerege.payments import Amend, Open, ParticipantId, Rehome, Rekey, Verdict, WalletId
from kerege.payments.fees import NO_FEES, FeeSchedule
from kerege.payments.scene import WalletFacts
from kerege.programmes import ActiveProgramme
from kerege.programmes.rulebook import Rulebook
from kerege.runtime import Clock
from kerege.runtime.tables import Tables

__all__ = ["Register", "UnknownParticipant", "found_country"]


class UnknownParticipant(KeregeError):
    """A name that no participant has."""


class Register:
    """One node's view of the register. All methods are safe among threads.

    `remembered` bounds the wallets, and the keys, kept in memory; `directory` has the aliases,
    `refusals` what programmes' rules refused; `rules_of` compiles those rules.
    Raises `DatabaseUrlError`, `DatabaseTooNew` or `DatabaseUnavailable`.
    """

    def __init__(
        self,
        tables_url: str,
        ledger: Ledger,
        clock: Clock,
        *,
        remembered: int = MOST_REMEMBERED,
        stopwatch: Callable[[], float] = time.monotonic,
        rules_of: RulesOf = Rulebook,
    ) -> None:
        self._tables = Tables(tables_url, METADATA, name=NAME, version=VERSION)
        self._ledger = ledger
        self._clock = clock
        self._facts = Facts(self._tables, remembered=remembered, stopwatch=stopwatch)
        self._wallets = WalletChanges(self._tables, ledger, self._facts)
        self._desk = ActionDesk(self._tables, ledger, clock, self._facts, self._wallets)
        self._owners: dict[AccountId, WalletId | None] = {}
        self._programmes = ProgrammeBook(rules_of)
        self.refusals = RefusalCounts(self._tables)
        self.directory = Directory(self._tables, self._facts, clock)

    def refresh(self) -> None:
        """See other nodes' changes; looks at the tables at most every `LOOK_EVERY_S` seconds."""
        self._facts.refresh()

    def close(self) -> None:
        """Let go of the tables. The ledger stays open."""
        self._tables.close()

    def found(
        self,
        parameters: Parameters,
        *,
        staff: Mapping[ParticipantId, PublicKey],
        operator_key: PublicKey,
    ) -> None:
        """Found the country, or see that it is; see `found_country`."""
        found_tables(self._tables, self._ledger, parameters, staff=staff, operator_key=operator_key)
        self._facts.look()

    # -- questions --

    def participants(self) -> list[Participant]:
        """Everyone, by name."""
        return self._facts.participants()

    def participant(self, participant_id: str) -> Participant | None:
        """One participant."""
        return self._facts.participant(participant_id)

    def participant_of_key(self, keyid: str) -> tuple[Participant, PublicKey] | None:
        """Who signs requests with the key of this thumbprint; None if nobody does (any more).

        Looks for other nodes' changes first, if it is time to.
        """
        self._facts.refresh()
        return self._facts.participant_of_key(keyid)

    def key(self, kid: str) -> KeyRecord | None:
        """A wallet's key by its thumbprint; revoked ones are told as revoked."""
        return self._facts.key(kid)

    def recovery_key(self, kid: str) -> KeyRecord | None:
        """A key that may sign nothing but a `Rekey` of its wallet."""
        return self._facts.recovery_key(kid)

    def keys_of(self, wallet_id: str) -> tuple[str, ...]:
        """Thumbprints of the keys that may sign for a wallet now."""
        with self._tables.read() as connection:
            return tuple(wallet_keys(connection, WalletId(wallet_id), states=[SIGNING]))

    def wallet(self, wallet_id: str) -> WalletFacts | None:
        """An open wallet."""
        return self._facts.wallet(wallet_id)

    def prefetch(self, *, kids: Iterable[str] = (), wallets: Iterable[str] = ()) -> None:
        """Load what a batch will ask for, in few statements; call it before `key` and `wallet`."""
        self._facts.prefetch(kids=kids, wallets=wallets)

    def bank_left(self, order_id: str) -> str:
        """The institution an order moved a wallet away from; empty if it moved none."""
        with self._tables.read() as connection:
            return bank_left(connection, order_id)

    def wallet_of_account(self, account: AccountId) -> WalletId | None:
        """Whose account this is; None for the core's own. Raises `UnknownAccount`."""
        if account in self._owners:
            return self._owners[account]
        text = self._ledger.account(account).owner
        owner = WalletId(text) if text.startswith("wal_") else None
        if len(self._owners) >= MOST_REMEMBERED:
            self._owners = {}
        self._owners[account] = owner
        return owner

    def accounts(self) -> SystemAccounts:
        """The core's own accounts; raises `CountryNotFounded`."""
        return self._facts.accounts()

    def parameters(self) -> Parameters:
        """The country's published parameters; raises `CountryNotFounded`."""
        return self._facts.parameters()

    def tier_ceiling(self, asset: str, owner_kind: str, tier: str) -> int | None:
        """The most such a wallet may hold, minor units; None without bound.

        Raises `UnknownTier` or `CountryNotFounded`.
        """
        return self._facts.parameters().ceiling(asset, owner_kind, tier)

    # -- changes of wallets: the acceptance has checked signature and time --

    def change_wallets(
        self, changes: Sequence[tuple[WalletDocument, bytes]], bank: ParticipantId
    ) -> list[Verdict]:
        """Carry out signed documents (each with the text it came in) that `bank` sent.

        One verdict each, in order, once durable; of one wallet in the order given. Idempotent by
        document id. Raises `WalletBusy`, `StoreFailed` or `DatabaseUnavailable`: send them again.
        """
        sender = self._facts.participant(bank)
        if sender is None:
            raise UnknownParticipant(
                f"there is no participant {bank[:40]!r}", remedy="admit it first"
            )
        return self._wallets.carry_out(
            [Asked(document, evidence, sender) for document, evidence in changes]
        )

    def open_wallet(self, document: Open, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Open a wallet; see `change_wallets`."""
        return self.change_wallets([(document, evidence)], bank)[0]

    def amend(self, document: Amend, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Change what a bank told of a wallet; see `change_wallets`."""
        return self.change_wallets([(document, evidence)], bank)[0]

    def rehome(self, document: Rehome, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Move a wallet to `bank`; see `change_wallets`."""
        return self.change_wallets([(document, evidence)], bank)[0]

    def rekey(self, document: Rekey, evidence: bytes, bank: ParticipantId) -> Verdict:
        """Replace a wallet's key; see `change_wallets`."""
        return self.change_wallets([(document, evidence)], bank)[0]

    # -- actions of the central bank: one proposes, another approves --

    def propose(self, text: bytes) -> Proposal:
        """Take a proposal signed by a member of the staff; the same again gets what became of it.

        Raises `ProposalRefused` or `DatabaseUnavailable`.
        """
        return self._desk.propose(text)

    def approve(self, text: bytes) -> Proposal:
        """Take an approval by another, and carry the action out if it is due.

        Raises `ProposalRefused`; `StoreFailed` or `DatabaseUnavailable`: approve again.
        """
        return self._desk.approve(text)

    def run_due(self) -> int:
        """Carry out scheduled actions whose time has come; returns how many proposals ended.

        Call it every second, and when a node starts.
        """
        return self._desk.run_due()

    def proposal(self, proposal_id: str) -> Proposal:
        """One proposal; raises `ProposalRefused` if there is none."""
        return self._desk.proposal(proposal_id)

    def proposals(self, *, before: int | None = None, limit: int = 100) -> list[Proposal]:
        """Proposals, newest first; the next page is `before` = the last one's number."""
        return self._desk.proposals(before=before, limit=limit)

    def access_log(self, *, after: int = 0, limit: int = 100) -> list[AccessEntry]:
        """The public log of lawful access, oldest first, after a number in it."""
        return self._desk.access_log(after=after, limit=limit)

    def supply(self) -> list[Supply]:
        """What was issued, redeemed and circulates, by asset and mark, and the reserves behind."""
        return supply_of(self._ledger, self._facts.accounts())

    def fees(self, now_us: int) -> FeeSchedule:
        """The fee schedule in force."""
        in_force = [each for each in self._facts.schedules() if each.from_us <= now_us]
        return in_force[-1] if in_force else NO_FEES

    # -- money with a purpose --

    def programmes(self) -> Mapping[Mark, ActiveProgramme]:
        """What the money of each mark ever given lives under; of closed programmes too."""
        return self._programmes.by_mark(self._facts.programmes())

    def programme_records(self) -> Mapping[str, ProgrammeRecord]:
        """Every programme by id, closed ones too."""
        return self._facts.programmes()

    def programme_versions(self, programme: str) -> list[VersionRow]:
        """The signed texts of a programme's versions, oldest first; none if there is none."""
        with self._tables.read() as connection:
            return read_versions(connection, programme)

    def settle_programme(self, programme: str) -> bool:
        """Note that all money of a closed programme is back; returns whether that is news."""
        with self._tables.begin() as connection:
            settled = settle_closed(connection, programme)
            note_changes(connection, [Change("programme", programme)] if settled else [])
        self._facts.look()
        return settled

    def converter(self, asset: str) -> AccountId | None:
        """Where money of `asset` changes its mark; None before there is a programme in it, in a
        country founded when there were none. Raises `CountryNotFounded`."""
        return self._facts.accounts().converters.get(asset)

    def finish_begun(self) -> int:
        """Finish changes a crash left half done; returns how many. Call it when a node starts."""
        return self._wallets.finish_begun()


def found_country(
    register: Register,
    parameters: Parameters,
    *,
    staff: Mapping[ParticipantId, PublicKey],
    operator_key: PublicKey,
) -> None:
    """Declare assets, open the core's accounts and wallets, admit the first staff; idempotent.

    Raises `CountryExists`, `MalformedParameters` or `KeregeError` if there are too few people.
    """
    register.found(parameters, staff=staff, operator_key=operator_key)

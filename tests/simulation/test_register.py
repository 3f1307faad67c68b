# SPDX-License-Identifier: Apache-2.0
"""A register whose databases fail at any point, on two nodes: afterwards it agrees with the ledger.

Every call may fail before or after it took effect. Callers do what real ones do: send the same
again, or give up and let somebody else finish. One seed reproduces a run.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kerege.centralbank.actions import (
    Action,
    Freeze,
    IdentifiedRekey,
    Issue,
    ReservesIn,
    SetQuota,
    Unfreeze,
    Warrant,
)
from kerege.centralbank.actions_proposals import Approval, Proposal, ProposalRefused
from kerege.centralbank.register import Register
from kerege.centralbank.register_participants import Quota
from kerege.centralbank.stores.proposals import read_freezes
from kerege.errors import KeregeError
from kerege.keys import PrivateKey, parse_compact
from kerege.ledger import LedgerError, Status, StoreFailed
from kerege.payments import Amend, Open, Rehome, Rekey, decode_document
from kerege.runtime.tables import DatabaseUnavailable, Tables
from tests.registers import HOUR_US, PARAMETERS, Bank, Country, jwk_of, key_of, kid_of, order_name

COURT = Warrant(authority="a court", kind="court-order")
TURNS = 80


class _Faults:
    """Makes a share of all transactions and postings fail, some of them after they happened."""

    def __init__(self, chance: Random, share: int) -> None:
        self._chance = chance
        self.share = share

    def strikes(self) -> bool:
        """Whether the next step fails; `share` in a hundred do."""
        return self._chance.randrange(100) < self.share


class _Play:
    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.country = Country(folder)
        self.banks = [self.country.bank("altyn"), self.country.bank("tulpar")]
        self.faults = _Faults(self.chance, 0)
        self.nodes = [self.country.register, self.country.node()]
        for node in self.nodes:
            self._plant(node._tables)
        self._plant_ledger()
        self.wallets: dict[str, tuple[PrivateKey, int]] = {}
        self.freezes: list[str] = []
        self.unanswered: list[Callable[[Register], object]] = []
        self.faults.share = 15

    def _plant(self, tables: Tables) -> None:
        begin = tables.begin

        @contextmanager
        def failing() -> Iterator[Any]:
            with begin() as connection:
                yield connection
                if self.faults.strikes():
                    raise DatabaseUnavailable("failed", remedy="again")
            if self.faults.strikes():
                raise DatabaseUnavailable("failed but persisted", remedy="again")

        tables.begin = failing  # type: ignore[method-assign]

    def _plant_ledger(self) -> None:
        post = self.country.ledger.post

        def failing(orders: Sequence[Any]) -> Any:
            if self.faults.strikes():
                raise StoreFailed("failed", remedy="again")
            outcomes = post(orders)
            if orders and self.faults.strikes():
                raise StoreFailed("failed but persisted", remedy="again")
            return outcomes

        self.country.ledger.post = failing  # type: ignore[method-assign]

    # -- what people do --

    def turn(self) -> None:
        act = self.chance.choice(
            [self._open, self._open, self._amend, self._rehome, self._rekey, self._act, self._again]
        )
        act()
        if self.chance.randrange(10) == 0:
            self._try(lambda node: node.finish_begun())
            self._try(lambda node: node.run_due())

    def _try(self, ask: Callable[[Register], object]) -> object | None:
        """Ask one of the nodes; what got no answer may be asked again, or never."""
        try:
            return ask(self.chance.choice(self.nodes))
        except (DatabaseUnavailable, LedgerError):
            self.unanswered.append(ask)
        except ProposalRefused:
            pass
        return None

    def _again(self) -> None:
        if self.unanswered:
            place = self.chance.randrange(len(self.unanswered))
            self._try(self.unanswered.pop(place))

    def _open(self) -> None:
        number = self.chance.randrange(len(self.banks))
        bank = self.banks[number]
        key = key_of(f"key {self.chance.randrange(60)}")
        document = self.country.opening(
            bank.name, key, wallet=f"wal_{10**9 + self.chance.randrange(25):032x}"
        )
        self.wallets.setdefault(document.wallet, (key, number))
        self._send(bank, document, key)

    def _send(self, bank: Bank, document: Any, key: PrivateKey) -> None:
        evidence = self.country.sign(document, key)
        self._try(lambda node: node.change_wallets([(document, evidence)], bank.name))

    def _some(self) -> tuple[str, Bank, dict[str, Any]] | None:
        if not self.wallets:
            return None
        wallet = self.chance.choice(sorted(self.wallets))
        frame = {
            "id": order_name(self.country.next_number()),
            "wallet": wallet,
            "until_us": self.country.clock.now_us() + HOUR_US,
        }
        return wallet, self.chance.choice(self.banks), frame

    def _amend(self) -> None:
        if some := self._some():
            wallet, bank, frame = some
            tier = self.chance.choice(["phone", "full"])
            own = frame | {"wallet": bank.own.id, "subject": wallet}
            self._send(bank, Amend(**own, tier=tier), bank.own.key)

    def _rehome(self) -> None:
        if some := self._some():
            wallet, bank, frame = some
            key = self.chance.choice(["", jwk_of(key_of(f"key {self.chance.randrange(60)}"))])
            document = Rehome(**frame, bank=bank.name, key=key, overflow=bool(key))
            self._send(bank, document, self.wallets[wallet][0])

    def _rekey(self) -> None:
        if some := self._some():
            wallet, bank, frame = some
            key = jwk_of(key_of(f"key {self.chance.randrange(60)}"))
            self._send(bank, Rekey(**frame, key=key), self.wallets[wallet][0])

    def _act(self) -> None:
        bank = self.chance.choice(self.banks)
        amount = self.chance.randrange(1, 50)
        money: dict[str, Any] = {"participant": bank.name, "asset": "KZT", "amount": amount}
        wallet = self.chance.choice(sorted(self.wallets) or [bank.own.id])
        key = jwk_of(key_of(f"key {self.chance.randrange(60)}"))
        actions: list[Action] = [
            ReservesIn(**money),
            Issue(**money),
            Freeze(wallet=wallet, warrant=COURT, credits=amount % 2 == 0),
            IdentifiedRekey(wallet=wallet, key=key, warrant=COURT),
            SetQuota(participant=bank.name, quota=Quota(issuance={"KZT": amount * 9})),
        ]
        if self.freezes:
            freeze = self.chance.choice(self.freezes)
            actions.append(Unfreeze(freeze=freeze, warrant=COURT))
        proposal = self.country.proposal(self.chance.choice(actions))
        if isinstance(proposal.action, Freeze):
            self.freezes.append(proposal.id)
        text = self.country.sign_as("staff-aru", proposal)
        proposed = self._try(lambda node: node.propose(text))
        if isinstance(proposed, Proposal):
            approval = Approval(proposal=proposed.id, sha256=proposed.sha256)
            approved = self.country.sign_as("staff-bek", approval)
            self._try(lambda node: node.approve(approved))

    # -- what must hold once the faults end --

    def settle(self) -> None:
        self.faults.share = 0
        for node in self.nodes:
            node.finish_begun()
            node.run_due()
            node._facts.look()
        assert self.nodes[0].finish_begun() == 0
        assert self.nodes[0].run_due() == 0

    def audit(self) -> None:
        opened = self._accepted_openings()
        for node in self.nodes:
            for wallet, openings in opened.items():
                # A wallet was opened once, whatever failed.
                ((document, results),) = openings
                facts = node.wallet(wallet)
                assert facts is not None
                assert tuple(facts.accounts.values()) == results
                assert facts.owner_kind == document.owner_kind
                self._check_account(node, wallet, facts.accounts["KZT"], facts.tier)
                assert len(node.keys_of(wallet)) == 1
            for wallet in self.wallets.keys() - opened.keys():
                assert node.wallet(wallet) is None
            assert self._owner_of_keys(node)
        supply = self.nodes[0].supply()[0]
        assert supply.circulating == supply.reserves
        entries = self.nodes[1].access_log(limit=500)
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))

    def _accepted_openings(self) -> dict[str, list[tuple[Open, tuple[int, ...]]]]:
        """From the ledger alone: who opened what."""
        found: dict[str, list[tuple[Open, tuple[int, ...]]]] = {}
        for batch in self.country.ledger._store.batches(first_leaf=0, limit=10**6):
            for order in batch.orders:
                try:
                    document = decode_document(parse_compact(order.evidence).payload)
                except KeregeError:
                    continue
                if isinstance(document, Open):
                    found.setdefault(document.wallet, []).append((document, order.results))
        return found

    def _check_account(self, node: Register, wallet: str, account: int, tier: str) -> None:
        known = self.country.ledger.account(account).account  # type: ignore[arg-type]
        kind = "bank" if wallet in {bank.own.id for bank in self.banks} else "person"
        assert known.ceiling == PARAMETERS.ceiling("KZT", kind, tier)
        status = Status.OPEN
        with node._tables.read() as connection:
            for freeze in read_freezes(connection, wallet):
                status |= freeze.status
        assert known.status == status

    def _owner_of_keys(self, node: Register) -> bool:
        """A key that signs is one wallet's, and that wallet says so."""
        for number in range(60):
            record = node.key(kid_of(key_of(f"key {number}")))
            if record is not None and not record.revoked:
                assert node.keys_of(record.wallet) == (record.kid,)
        return True


@pytest.mark.parametrize("seed", range(3))
def test_a_register_agrees_with_its_ledger_whatever_failed(tmp_path: Path, seed: int) -> None:
    play = _Play(tmp_path, seed)
    for _ in range(TURNS):
        play.turn()
    play.settle()
    play.audit()
    play.nodes[1].close()
    play.country.close()

# SPDX-License-Identifier: Apache-2.0
"""A small country for tests: a ledger, a register, a bank or two, wallets in one line.

    country = Country(tmp_path)
    bank = country.bank("altyn-bank")
    aru = country.person(bank)
    assert country.register.wallet(aru.id).bank == bank.name

Keys are derived from names, ids from a counter, time stands still unless moved.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from kerege.centralbank.actions import Action, Admit, Issue, ReservesIn
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    PROPOSAL_TYP,
    Approval,
    Proposal,
    ProposalText,
    encode_text,
)
from kerege.centralbank.register import Register, found_country
from kerege.centralbank.register_parameters import MoneyAsset, Parameters, TierCeiling
from kerege.centralbank.register_participants import Quota, Role
from kerege.keys import Algorithm, PrivateKey, format_jwk, key_thumbprint, sign_compact
from kerege.ledger import UNMARKED, Cell, open_ledger
from kerege.payments import (
    ORDER_TYP,
    Document,
    Open,
    ParticipantId,
    Verdict,
    WalletId,
    encode_document,
)
from kerege.runtime import ManualClock
from tests.ledgers import START_US

__all__ = ["HOUR_US", "PARAMETERS", "Bank", "Country", "Wallet", "key_of", "kid_of", "order_name"]

HOUR_US = 3_600_000_000

PARAMETERS = Parameters(
    assets=(MoneyAsset(code="KZT", reserve="KZT-R"), MoneyAsset(code="XAU", reserve="XAU-R")),
    tiers=(
        TierCeiling(owner_kind="person", name="phone", ceilings={"KZT": 50_000_00}),
        TierCeiling(owner_kind="person", name="full", ceilings={"KZT": 5_000_000_00}),
        TierCeiling(owner_kind="firm", name="shop"),
        TierCeiling(owner_kind="firm", name="stall", ceilings={"KZT": 0}),
        TierCeiling(owner_kind="agency", name="agency"),
    ),
)


def key_of(name: str, algorithm: Algorithm = Algorithm.ED25519) -> PrivateKey:
    """The key of this name: always the same, and nobody else's."""
    return PrivateKey(algorithm, hashlib.sha256(name.encode()).digest())


def kid_of(key: PrivateKey) -> str:
    """Its thumbprint."""
    return key_thumbprint(key.public_key)


def jwk_of(key: PrivateKey) -> str:
    """Its public half as a document carries it."""
    return format_jwk(key.public_key).decode()


def order_name(number: int) -> str:
    """The order id of this number, as documents write it."""
    return f"ord_{number:032x}"


@dataclass(frozen=True)
class Wallet:
    """A wallet and the key that signs for it."""

    id: WalletId
    key: PrivateKey


@dataclass(frozen=True)
class Bank:
    """An intermediary, its key for requests, its own wallet."""

    name: ParticipantId
    key: PrivateKey
    own: Wallet


class Country:
    """A founded country in `folder`, or with its register on the database at `url`."""

    def __init__(
        self, folder: Path, *, url: str = "", ledger_url: str = "", again_us: int = 0
    ) -> None:
        """`again_us`: open one that was founded before, at that time."""
        self.clock = ManualClock(again_us or START_US)
        self.url = url or f"sqlite:///{folder}/register.db"
        self.ledger_url = ledger_url or f"sqlite:///{folder}/ledger.db"
        self.ledger = open_ledger(self.ledger_url, now_us=self.clock.now_us)
        self.register = self.node()
        self.staff = {ParticipantId(f"staff-{n}"): key_of(f"staff-{n}") for n in ("aru", "bek")}
        self._numbers = 10**12 if again_us else 0
        if not again_us:
            found_country(
                self.register,
                PARAMETERS,
                staff={name: key.public_key for name, key in self.staff.items()},
                operator_key=key_of("operator").public_key,
            )

    def node(self) -> Register:
        """Another node on the same databases; it looks for changes whenever asked."""
        ticks = iter(range(10**9))
        return Register(self.url, self.ledger, self.clock, stopwatch=lambda: float(next(ticks)))

    def close(self) -> None:
        """Let go of the databases."""
        self.register.close()
        self.ledger.close()

    def next_number(self) -> int:
        """A number nobody had."""
        self._numbers += 1
        return self._numbers

    def sign(self, document: Document, key: PrivateKey) -> bytes:
        """A document as a wallet sends it."""
        return sign_compact(encode_document(document), key, kid=kid_of(key), typ=ORDER_TYP)

    def opening(self, bank: ParticipantId, key: PrivateKey, **more: object) -> Open:
        """A document that opens a wallet; a person's unless told otherwise."""
        number = self.next_number()
        values: dict[str, object] = {
            "id": order_name(number),
            "wallet": f"wal_{number:032x}",
            "until_us": self.clock.now_us() + HOUR_US,
            "bank": bank,
            "key": jwk_of(key),
            "assets": ("KZT",),
            "owner_kind": "person",
            "tier": "phone",
        }
        return Open(**(values | more))  # type: ignore[arg-type]

    def open(self, bank: ParticipantId, **more: object) -> Wallet:
        """Open a wallet; it must be accepted."""
        key = key_of(f"wallet {self._numbers}")
        document = self.opening(bank, key, **more)
        verdict = self.register.open_wallet(document, self.sign(document, key), bank)
        assert verdict.accepted, verdict
        return Wallet(WalletId(document.wallet), key)

    def person(self, bank: Bank, **more: object) -> Wallet:
        """A person's wallet at this bank."""
        return self.open(bank.name, **more)

    def bank(self, name: str, *, quota: Quota | None = None) -> Bank:
        """Admit an intermediary and open its own wallet."""
        participant, key = ParticipantId(name), key_of(name)
        self.act(
            Admit(
                participant=name,
                roles=(Role.INTERMEDIARY,),
                keys=(jwk_of(key),),
                quota=quota or Quota(),
            )
        )
        own = self.open(participant, owner_kind="bank", tier="", assets=("KZT", "XAU"))
        return Bank(participant, key, own)

    def fund(self, bank: Bank, amount: int, *, asset: str = "KZT") -> None:
        """Bring in reserves and issue all of them as money."""
        self.act(ReservesIn(participant=bank.name, asset=asset, amount=amount))
        self.act(Issue(participant=bank.name, asset=asset, amount=amount))

    def proposal(self, action: Action, **more: object) -> ProposalText:
        """A proposal that may be approved for an hour."""
        values: dict[str, object] = {
            "id": f"prp_{self.next_number():032x}",
            "action": action,
            "reason": "as the board decided",
            "expires_us": self.clock.now_us() + HOUR_US,
        }
        return ProposalText(**(values | more))  # type: ignore[arg-type]

    def sign_as(self, name: str, text: ProposalText | Approval) -> bytes:
        """A proposal or approval as `name` of the staff sends it."""
        key = key_of(name)
        typ = PROPOSAL_TYP if isinstance(text, ProposalText) else APPROVAL_TYP
        return sign_compact(encode_text(text), key, kid=kid_of(key), typ=typ)

    def approval_of(self, proposed: Proposal, name: str = "staff-bek") -> bytes:
        """An approval of what was proposed."""
        return self.sign_as(name, Approval(proposal=proposed.id, sha256=proposed.sha256))

    def act(self, action: Action, *, code: str = "executed", **more: object) -> Proposal:
        """Propose as one, approve as another; the action has to end with `code`."""
        text = self.sign_as("staff-aru", self.proposal(action, **more))
        settled = self.register.approve(self.approval_of(self.register.propose(text)))
        assert settled.code == code, settled
        return settled

    def balance(self, wallet: Wallet, asset: str = "KZT") -> int:
        """Unmarked money in a wallet."""
        facts = self.register.wallet(wallet.id)
        assert facts is not None
        return self.ledger.cells(facts.accounts[asset]).get(UNMARKED, Cell()).balance


def must(verdict: Verdict) -> Verdict:
    """The verdict, which has to be an acceptance."""
    assert verdict.accepted, verdict
    return verdict

# SPDX-License-Identifier: Apache-2.0
"""Programmes for tests: school meals that a treasury funds, and their way through the desk."""

from hashlib import sha256

import msgspec

from kerege.centralbank.actions import (
    ActivateProgramme,
    CloseProgramme,
    Ground,
    ResumeProgramme,
    SuspendProgramme,
)
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    PROPOSAL_TYP,
    Approval,
    Proposal,
    ProposalText,
    encode_text,
)
from kerege.centralbank.register import Register
from kerege.keys import PrivateKey, sign_compact
from kerege.ledger import UNMARKED, Mark, Order, OrderId, Transfer
from kerege.programmes import Programme, Route
from kerege.programmes.document import PROGRAMME_TYP, Texts
from tests.ledgers import START_US
from tests.registers import HOUR_US, Country, Wallet, key_of, kid_of

__all__ = [
    "ENDS_US",
    "GROUND",
    "activate",
    "activate_at",
    "change",
    "give",
    "mark_money",
    "marked",
    "meals",
    "signed_terms",
    "words",
]

ENDS_US = START_US + 100 * HOUR_US

GROUND = Ground(authority="Ministry of Education", reason="the term is over")


def words(text: str) -> Texts:
    """A text in every language."""
    return {"kk": text, "ru": text, "en": text}


def meals(funder: Wallet, /, **more: object) -> Programme:
    """School meals, version 1."""
    values: dict[str, object] = {
        "id": "school-meals",
        "version": 1,
        "asset": "KZT",
        "funder": funder.id,
        "budget": 1_000,
        "starts_us": START_US,
        "ends_us": ENDS_US,
        "title": words("School meals"),
        "summary": words("A meal a day"),
        "routes": (
            Route(
                name="canteen",
                when='payee.category == "5814"',
                arrival="unmark",
                texts=words("at a canteen"),
            ),
            Route(
                name="allowance",
                when='payee.kind == "person" && payer.is_funder',
                arrival="keep",
                texts=words("from the ministry"),
            ),
        ),
    }
    return Programme(**(values | more))  # type: ignore[arg-type]


def signed_terms(programme: Programme, key: PrivateKey, *, typ: str = PROGRAMME_TYP) -> str:
    """Terms as a funder signs them."""
    text = msgspec.json.encode(programme)
    return sign_compact(text, key, kid=kid_of(key), typ=typ).decode()


def activate(
    country: Country, programme: Programme, key: PrivateKey, *, code: str = "executed"
) -> Proposal:
    """Have two people put a version in force."""
    return country.act(ActivateProgramme(terms=signed_terms(programme, key)), code=code)


def activate_at(
    register: Register, programme: Programme, key: PrivateKey, *, now_us: int
) -> Proposal:
    """The same at a register alone, whose staff are Aru and Bek."""
    action = ActivateProgramme(terms=signed_terms(programme, key))
    proposal = ProposalText(
        id=f"prp_{sha256(action.terms.encode()).hexdigest()[:32]}",
        action=action,
        reason="as the ministry asked",
        expires_us=now_us + HOUR_US,
    )
    proposed = register.propose(_signed(proposal, PROPOSAL_TYP, "staff-aru"))
    approval = Approval(proposal=proposed.id, sha256=proposed.sha256)
    settled = register.approve(_signed(approval, APPROVAL_TYP, "staff-bek"))
    assert settled.code == "executed", settled
    return settled


def _signed(text: ProposalText | Approval, typ: str, name: str) -> bytes:
    key = key_of(name)
    return sign_compact(encode_text(text), key, kid=kid_of(key), typ=typ)


def change(
    country: Country,
    kind: type[SuspendProgramme | ResumeProgramme | CloseProgramme],
    programme: str = "school-meals",
    *,
    code: str = "executed",
) -> Proposal:
    """Have two people suspend, resume or close a programme."""
    return country.act(kind(programme=programme, ground=GROUND), code=code)


def mark_money(country: Country, funder: Wallet, amount: int, mark: int) -> None:
    """Mark money of the funder: what a `Fund` does to the ledger."""
    active = country.register.programmes()[Mark(mark)]
    converter = country.register.converter(active.terms.asset)
    facts = country.register.wallet(funder.id)
    assert facts is not None
    assert converter is not None
    own = facts.accounts[active.terms.asset]
    sink = country.register.accounts().allowance_sink
    _post(
        country,
        Transfer(own, converter, amount),
        Transfer(converter, own, amount, mark=Mark(mark)),
        Transfer(active.budget, sink, amount),
    )


def give(country: Country, payer: Wallet, payee: Wallet, amount: int, mark: int = 0) -> None:
    """Move money of a mark, whatever the rules."""
    debit, credit = (country.register.wallet(one.id) for one in (payer, payee))
    assert debit is not None
    assert credit is not None
    asset = next(iter(debit.accounts))
    one = Transfer(debit.accounts[asset], credit.accounts[asset], amount, mark=Mark(mark))
    _post(country, one)


def _post(country: Country, *steps: Transfer) -> None:
    order = Order(OrderId(country.next_number().to_bytes(16, "big")), steps)
    (outcome,) = country.ledger.post([order])
    assert outcome.accepted, outcome


def marked(country: Country, wallet: Wallet, mark: int) -> int:
    """What a wallet has of a mark (0: unmarked)."""
    facts = country.register.wallet(wallet.id)
    assert facts is not None
    cells = country.ledger.cells(facts.accounts["KZT"])
    found = cells.get(Mark(mark) if mark else UNMARKED)
    return 0 if found is None else found.balance

# SPDX-License-Identifier: Apache-2.0
"""Lawful access: freezes add up, seizure reaches frozen money, each is told without saying whom."""

from typing import Any

import msgspec
import pytest

from kerege.centralbank import actions_settling
from kerege.centralbank.actions import (
    Disclose,
    Freeze,
    IdentifiedRekey,
    SeizeMoney,
    Unfreeze,
    Warrant,
)
from kerege.centralbank.actions_proposals import ProposalRefused
from kerege.ledger import Status
from kerege.payments import Rekey
from tests.registers import (
    HOUR_US,
    Bank,
    Country,
    Wallet,
    jwk_of,
    key_of,
    kid_of,
    must,
    order_name,
)

COURT = Warrant(authority="Almaty city court", kind="court-order", reference="7-12/3")
DEBITS, BOTH = Status.DEBITS_FROZEN, Status.DEBITS_FROZEN | Status.CREDITS_FROZEN


@pytest.fixture
def bank(country: Country) -> Bank:
    bank = country.bank("altyn")
    country.fund(bank, 1_000)
    return bank


def _status(country: Country, wallet: Wallet) -> Status:
    facts = country.register.wallet(wallet.id)
    assert facts is not None
    (status,) = {country.ledger.account(a).account.status for a in facts.accounts.values()}
    return status


def test_freezes_add_up(country: Country, bank: Bank) -> None:
    aru = country.person(bank, assets=("KZT", "XAU"))
    first = country.act(Freeze(wallet=aru.id, warrant=COURT))
    assert _status(country, aru) == DEBITS
    second = country.act(Freeze(wallet=aru.id, warrant=COURT, credits=True))
    assert _status(country, aru) == BOTH
    country.act(Unfreeze(freeze=second.id, warrant=COURT))
    assert _status(country, aru) == DEBITS
    country.act(Unfreeze(freeze=second.id, warrant=COURT), code="freeze_unknown")
    country.act(Unfreeze(freeze=first.id, warrant=COURT))
    assert _status(country, aru) == Status.OPEN


def test_seizing(country: Country, bank: Bank) -> None:
    court = country.open(bank.name, owner_kind="agency", tier="agency")
    seized: dict[str, Any] = {
        "wallet": bank.own.id,
        "to": court.id,
        "asset": "KZT",
        "warrant": COURT,
    }
    country.act(SeizeMoney(**seized, amount=100))
    country.act(Freeze(wallet=bank.own.id, warrant=COURT))
    country.act(SeizeMoney(**seized, amount=300))
    assert country.balance(court) == 400
    assert _status(country, bank.own) == DEBITS
    country.act(SeizeMoney(**seized, amount=601), code="exceeds_balance")
    country.act(SeizeMoney(**seized, amount=601, in_part=True))
    assert (country.balance(court), country.balance(bank.own)) == (1_000, 0)
    to_itself = seized | {"to": bank.own.id}
    country.act(SeizeMoney(**to_itself, amount=1), code="payee_is_payer")
    country.act(SeizeMoney(**(seized | {"asset": "XAU"}), amount=1), code="payee_unknown")
    other = {"wallet": court.id, "to": bank.own.id, "asset": "XAU"}
    country.act(SeizeMoney(**(seized | other), amount=1), code="asset_not_held")


def test_a_new_key_for_an_identified_owner(country: Country, bank: Bank) -> None:
    safe = key_of("safe")
    aru = country.person(bank, recovery=jwk_of(safe))
    new = key_of("new")
    identified = Warrant(authority="Altyn Bank, branch 3", kind="identification")
    country.act(IdentifiedRekey(wallet=aru.id, key=jwk_of(new), warrant=identified))
    old, fresh = country.register.key(kid_of(aru.key)), country.register.key(kid_of(new))
    assert old is not None
    assert fresh is not None
    assert (old.revoked, fresh.revoked, fresh.wallet) == (True, False, aru.id)
    # A thief of the old keys cannot come back by the recovery key.
    assert country.register.recovery_key(kid_of(safe)) is None
    again = IdentifiedRekey(wallet=aru.id, key=jwk_of(aru.key), warrant=identified)
    country.act(again, code="key_in_use")
    country.act(IdentifiedRekey(wallet=aru.id, key="{}", warrant=identified), code="key_invalid")


def test_a_key_under_way_is_nobody_elses(
    country: Country, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    aru, new = country.person(bank), key_of("new")
    rekey = IdentifiedRekey(wallet=aru.id, key=jwk_of(new), warrant=COURT)
    text = country.sign_as("staff-aru", country.proposal(rekey))
    approval = country.approval_of(country.register.propose(text))
    with monkeypatch.context() as patch:
        patch.setattr(actions_settling, "apply_action", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            country.register.approve(approval)
    rival = country.opening(bank.name, new)
    refused = country.register.open_wallet(rival, country.sign(rival, new), bank.name)
    assert refused.code == "key_in_use"
    assert country.register.approve(approval).code == "executed"
    assert country.register.keys_of(aru.id) == (kid_of(new),)


def test_a_refused_rekey_leaves_the_key_free(country: Country, bank: Bank) -> None:
    new = key_of("new")
    nobody = IdentifiedRekey(wallet="wal_" + "f" * 32, key=jwk_of(new), warrant=COURT)
    country.act(nobody, code="wallet_unknown")
    document = country.opening(bank.name, new)
    must(country.register.open_wallet(document, country.sign(document, new), bank.name))


def test_a_change_under_way_comes_first(
    country: Country, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    aru = country.person(bank)
    thief = key_of("thief")
    document = Rekey(
        id=order_name(country.next_number()),
        wallet=aru.id,
        until_us=country.clock.now_us() + HOUR_US,
        key=jwk_of(thief),
    )
    with monkeypatch.context() as patch:
        patch.setattr(country.ledger, "post", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            country.register.rekey(document, country.sign(document, aru.key), bank.name)
    new = key_of("new")
    country.act(IdentifiedRekey(wallet=aru.id, key=jwk_of(new), warrant=COURT))
    records = [country.register.key(kid_of(key)) for key in (aru.key, thief, new)]
    assert [record and record.revoked for record in records] == [True, True, False]
    assert country.register.finish_begun() == 0


def test_what_is_not_there_is_refused(country: Country, bank: Bank) -> None:
    nobody = "wal_" + "f" * 32
    country.act(Freeze(wallet=nobody, warrant=COURT), code="wallet_unknown")
    country.act(Disclose(wallet=nobody, warrant=COURT), code="wallet_unknown")
    country.act(Unfreeze(freeze="prp_" + "f" * 32, warrant=COURT), code="freeze_unknown")
    own = country.register.accounts().redemption_wallet
    country.act(Freeze(wallet=own, warrant=COURT), code="wallet_not_allowed")


def test_the_access_log_tells_who_why_when_where_never_whom(country: Country, bank: Bank) -> None:
    aru = country.person(bank)
    frozen = country.act(Freeze(wallet=aru.id, warrant=COURT))
    country.clock.advance_us(5)
    tax = Warrant(authority="Tax office", kind="tax-authority")
    country.act(Disclose(wallet=aru.id, warrant=tax))
    country.act(Unfreeze(freeze=frozen.id, warrant=COURT))
    entries = country.register.access_log()
    assert [(e.number, e.action, e.authority, e.warrant, e.institution) for e in entries] == [
        (1, "freeze", "Almaty city court", "court-order", "altyn"),
        (2, "disclose", "Tax office", "tax-authority", "altyn"),
        (3, "unfreeze", "Almaty city court", "court-order", "altyn"),
    ]
    assert entries[1].at_us == entries[0].at_us + 5
    assert country.register.access_log(after=2) == entries[2:]
    assert country.register.access_log(limit=1) == entries[:1]
    told = msgspec.json.encode(entries).decode()
    assert aru.id not in told
    assert COURT.reference not in told


@pytest.mark.parametrize(
    "said", ["owner 850101300123", "aru@mail.kz", "call +7 701", " x ", "a\nb"]
)
def test_personal_data_is_kept_out(country: Country, bank: Bank, said: str) -> None:
    with pytest.raises(ProposalRefused):
        country.act(Freeze(wallet=bank.own.id, warrant=COURT), reason=said)
    warrant = Warrant(authority=said, kind="court-order")
    with pytest.raises(ProposalRefused):
        country.act(Freeze(wallet=bank.own.id, warrant=warrant))

# SPDX-License-Identifier: Apache-2.0
"""Founding a country: once, whole, by at least two people."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.centralbank.register import Register, found_country
from kerege.centralbank.register_facts import CountryNotFounded
from kerege.centralbank.register_founding import CountryExists
from kerege.centralbank.register_parameters import MalformedParameters
from kerege.centralbank.register_participants import Role
from kerege.centralbank.stores import participants
from kerege.errors import KeregeError
from kerege.ledger import AccountId, open_ledger
from kerege.ledger import Role as AccountRole
from kerege.payments import ParticipantId
from kerege.runtime import ManualClock
from tests.ledgers import START_US
from tests.registers import PARAMETERS, Country, key_of

STAFF = {ParticipantId(f"staff-{n}"): key_of(n).public_key for n in ("aru", "bek")}
OPERATOR = key_of("operator").public_key


def test_it_opens_what_the_core_needs(country: Country) -> None:
    accounts = country.register.accounts()
    roles = {
        accounts.issuers["KZT"]: (AccountRole.ISSUER, "KZT"),
        accounts.retired["KZT"]: (AccountRole.ISSUER, "KZT"),
        accounts.backing["KZT"]: (AccountRole.COLLECTOR, "KZT-R"),
        accounts.reserve_issuers["XAU"]: (AccountRole.ISSUER, "XAU-R"),
        accounts.allowance_sink: (AccountRole.COLLECTOR, "ALLOWANCE"),
        accounts.decisions: (AccountRole.ISSUER, "ALLOWANCE"),
    }
    for account_id, (role, asset) in roles.items():
        account = country.ledger.account(account_id).account
        assert (account.role, account.asset) == (role, asset)
        assert country.register.wallet_of_account(account_id) is None
    for wallet_id in (accounts.redemption_wallet, accounts.fee_wallet):
        wallet = country.register.wallet(wallet_id)
        assert wallet is not None
        assert set(wallet.accounts) == {"KZT", "XAU"}
        assert country.register.wallet_of_account(wallet.accounts["KZT"]) == wallet_id
    operator = country.register.participant("central-bank")
    assert operator is not None
    assert operator.wallet == accounts.fee_wallet
    staff = country.register.participant("staff-aru")
    assert staff is not None
    assert staff.roles == {Role.STAFF}


def test_again_it_changes_nothing(country: Country) -> None:
    before = country.register.accounts()
    other = {ParticipantId("staff-zar"): key_of("zar").public_key, **STAFF}
    found_country(country.register, PARAMETERS, staff=other, operator_key=OPERATOR)
    assert country.register.accounts() == before
    assert country.register.participant("staff-zar") is None


def test_other_parameters_are_refused(country: Country) -> None:
    other = replace(PARAMETERS, operator="another-bank")
    with pytest.raises(CountryExists):
        found_country(country.register, other, staff=STAFF, operator_key=OPERATOR)


def _registers(tmp_path: Path) -> Register:
    clock = ManualClock(START_US)
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", now_us=clock.now_us)
    return Register(f"sqlite:///{tmp_path}/register.db", ledger, clock)


def test_a_crash_between_ledger_and_register_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = _registers(tmp_path)
    with monkeypatch.context() as crash:
        crash.setattr(participants, "insert_accounts", _crash)
        with pytest.raises(RuntimeError):
            found_country(register, PARAMETERS, staff=STAFF, operator_key=OPERATOR)
    with pytest.raises(CountryNotFounded):
        register.accounts()
    with pytest.raises(CountryNotFounded):
        register.tier_ceiling("KZT", "person", "phone")
    # With other parameters the ledger knows that it is another country.
    other = replace(PARAMETERS, operator="another-bank")
    with pytest.raises(CountryExists):
        found_country(register, other, staff=STAFF, operator_key=OPERATOR)
    found_country(register, PARAMETERS, staff=STAFF, operator_key=OPERATOR)
    assert register.accounts().issuers["KZT"] == AccountId(1)
    assert register.tier_ceiling("KZT", "person", "phone") == 50_000_00
    register._ledger.close()
    register.close()


def _crash(*_: object) -> None:
    raise RuntimeError("the power went")


def test_one_person_is_not_enough(tmp_path: Path) -> None:
    register = _registers(tmp_path)
    one = {ParticipantId("a"): OPERATOR, ParticipantId("b"): OPERATOR}
    with pytest.raises(KeregeError, match="at least 2"):
        found_country(register, PARAMETERS, staff=one, operator_key=OPERATOR)
    twice = replace(PARAMETERS, assets=PARAMETERS.assets * 2)
    with pytest.raises(MalformedParameters):
        found_country(register, twice, staff=STAFF, operator_key=OPERATOR)
    register._ledger.close()
    register.close()

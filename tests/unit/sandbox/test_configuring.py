# SPDX-License-Identifier: Apache-2.0
import stat
import tomllib
from pathlib import Path

import pytest

from kerege.bank.settings import read_settings
from kerege.payments import parse_wallet_id
from kerege.sandbox.addresses import choose_addresses
from kerege.sandbox.configuring import STAFF, configure, database_names, make_keys, own_wallet
from kerege.sandbox.country import Country, Settings
from kerege.sandbox.profile_reading import known_profiles
from kerege.translog.policy_text import parse_policy


@pytest.fixture(params=known_profiles())
def country(request: pytest.FixtureRequest, tmp_path: Path) -> Country:
    made = Country.make(tmp_path / "country", request.param, Settings(people=5))
    configure(made, choose_addresses(made), make_keys(made))
    return made


def secrets_of(folder: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and {"keys", "witnesses", "people"} & set(path.parts)
    }


def test_keys_are_made_once(country: Country) -> None:
    before = secrets_of(country.folder)
    keys = make_keys(country)
    assert secrets_of(country.folder) == before
    assert keys == make_keys(Country.find(country.folder))
    assert len(before) == 2 + 1 + len(STAFF) + 5 * 7 + 2 + 1


def test_only_their_owner_reads_secrets(country: Country) -> None:
    for path in country.folder.rglob("*"):
        if path.is_file() and (path.name == "bank.toml" or "keys" in path.parts):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_institutions_share_the_directorys_secret_and_no_other(country: Country) -> None:
    folders = [country.institution(one.id) / "keys" for one in country.profile.institutions]
    for name in ("directory.secret", "master.secret", "wallet.pem", "requests.pem"):
        contents = {(folder / name).read_bytes() for folder in folders}
        assert len(contents) == (1 if name == "directory.secret" else 5), name


def test_every_bank_can_read_what_it_is_started_with(country: Country) -> None:
    for one in country.profile.institutions:
        settings = read_settings(country.institution(one.id) / "bank.toml")
        assert settings.bank == one.id
        assert settings.wallet.id == own_wallet(country, one.id)
        assert parse_wallet_id(settings.wallet.id)
        assert settings.assets[0].code == country.profile.money.asset
        assert settings.tiers().tiers
        assert len(settings.peers) == 4


def test_verifiers_want_the_log_and_both_witnesses(country: Country) -> None:
    policy = parse_policy(country.policy.read_bytes())
    assert len(policy.witnesses) == 2


def test_a_database_that_was_named_is_used(tmp_path: Path) -> None:
    settings = Settings(people=5, database="postgresql://u@h/kerege")
    country = Country.make(tmp_path / "country", "kz", settings)
    configure(country, choose_addresses(country), make_keys(country))
    table = tomllib.loads((country.institution("uyq-bank") / "bank.toml").read_text())
    assert table["database"] == "postgresql://u@h/kerege_uyq_bank_bank"
    assert table["ledger"] == "postgresql://u@h/kerege_uyq_bank_ledger"
    assert {"core-ledger", "core-register", "uyq-bank-ledger"} <= set(database_names(country))

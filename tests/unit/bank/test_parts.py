# SPDX-License-Identifier: Apache-2.0
"""A bank put together: its keys from files, its work by itself, its data after a restart."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from kerege.bank.bank_keys import load_keys
from kerege.bank.identity.codes import KeptCodes
from kerege.bank.parts import Parts
from kerege.bank.settings import BankSettings, read_settings
from kerege.keys import KeyFileError, save_private_key, save_root_secret
from kerege.runtime import SystemRandomness
from tests.banks import House, keys_of, running_bank


def save_keys(settings: BankSettings, house: House) -> None:
    keys = keys_of(house.own)
    settings.key_file("").mkdir()
    for name in ("requests", "wallet", "tokens"):
        save_private_key(settings.key_file(f"{name}.pem"), getattr(keys, name))
    for name in ("master", "index", "directory"):
        save_root_secret(settings.key_file(f"{name}.secret"), getattr(keys, name))


@contextmanager
def another_process(house: House, settings: BankSettings) -> Iterator[Parts]:
    """What a second process on the same tables sees; it does no work by itself."""
    # One process writes a ledger in a file; it is not what is asked for here.
    made = Parts(
        replace(settings, ledger="sqlite:///other.db"),
        load_keys(settings),
        house.parts.core,
        clock=house.country.clock,
        randomness=SystemRandomness(),
        sender=KeptCodes(),
    )
    try:
        yield made
    finally:
        made.close()


def test_keys_of_files_open_what_is_kept(tmp_path: Path) -> None:
    with running_bank(tmp_path) as house:
        settings = read_settings(tmp_path / "bank.toml")
        with pytest.raises(KeyFileError):
            load_keys(settings)
        save_keys(settings, house)
        aru = house.person(tmp_path / "aru")
        tea = aru.wallet(money=5_00)
        with another_process(house, settings) as other:
            other.check_database()
            found = other.customers.find_by_phone(aru.phone)
            assert found is not None
            assert other.customers.personal_data(found.id).phone == aru.phone
            (state,) = other.wallets.list(found.id)
            assert (state.wallet, state.balances[0].balance) == (tea.id, 5_00)
            token = aru.session.access_token()
            other.provider.authenticate(
                f"Bearer {token}", scope="wallets", method="GET", path="/v1/me"
            )


def test_what_happens_at_the_core_is_told_by_itself(tmp_path: Path) -> None:
    with running_bank(tmp_path) as house:
        aru = house.person(tmp_path / "aru")
        tea = aru.wallet(money=5_00)
        deadline = time.monotonic() + 20
        told = house.parts.outbox.after(aru.view.customer, 0)
        while tea.id not in {each.wallet for each in told}:
            assert time.monotonic() < deadline, "nobody reads the core's events"
            time.sleep(0.05)
            told = house.parts.outbox.after(aru.view.customer, 0)

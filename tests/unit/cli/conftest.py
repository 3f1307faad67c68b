# SPDX-License-Identifier: Apache-2.0
"""A customer's shell at a running bank, one for all tests of wallets' commands."""

from collections.abc import Iterator

import pytest

from tests.cli_bank import Shell, shell_at_bank


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Aigerim, with a wallet called `tea`."""
    folder = tmp_path_factory.mktemp("bank")
    with pytest.MonkeyPatch.context() as patch, shell_at_bank(folder, patch) as made:
        made.give(400_00)
        yield made


@pytest.fixture(scope="session")
def shop(shell: Shell) -> Shell:
    """Beket, at the same bank, with a purse of his own."""
    purse = shell.purse.with_name("shop")
    return Shell(shell.house, purse, "+77015550002").join("Бекет Сериков")

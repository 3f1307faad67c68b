# SPDX-License-Identifier: Apache-2.0
"""One core for the tests of this folder: two banks, a customer with money at each."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kerege.centralbank.register_participants import Role
from kerege.service import NodeClient
from tests.cores import Core
from tests.registers import Wallet

__all__ = ["Town"]


@dataclass(frozen=True)
class Town:
    """A core and those at it."""

    core: Core
    altyn: NodeClient
    qala: NodeClient
    anyone: NodeClient
    altyn_own: Wallet
    aru: Wallet
    bek: Wallet


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Core(tmp_path_factory.mktemp("core")) as core:
        own, _ = core.bank("altyn-bank"), core.bank("qala-bank")
        core.admit("north", Role.WITNESS)
        core.admit("dormant-bank", suspended=True)
        aru, bek = core.open("altyn-bank"), core.open("qala-bank")
        core.give(aru, 1_000_00)
        core.give(bek, 1_000_00)
        with (
            core.client("altyn-bank") as altyn,
            core.client("qala-bank") as qala,
            core.client("") as anyone,
        ):
            yield Town(core, altyn, qala, anyone, own, aru, bek)

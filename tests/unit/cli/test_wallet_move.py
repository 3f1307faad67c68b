# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet move`: with what is in it; the same again changes nothing."""

from pathlib import Path

from tests.banks import running_bank
from tests.terminals import Terminal


def test_a_wallet_moves_with_what_is_in_it(aru: Terminal, beket: Terminal, tmp_path: Path) -> None:
    wallet, shop = aru.create(money=50_00), beket.create()
    start_us = aru.house.country.clock.now_us()
    with running_bank(tmp_path, neighbour=aru.house, name="dala-post", start_us=start_us) as there:
        refused = aru.run("wallet", "move", there.url)
        assert refused.exit_code == 1
        assert refused.output.startswith("kerege: ")
        join = ("--phone", aru.phone, "--name", "Айгерім")
        aru.must("wallet", "join", "--bank", there.url, *join)
        for _ in range(2):
            told = aru.must("wallet", "move", there.url)
            assert told.strip() == "Wallet tea is kept by dala-post now."
        assert aru.asked("wallet", "balance")["bank"] == "dala-post"
        assert aru.balance() == 50_00
        aru.must("pay", shop, "10")
        left = aru.house.parts.customers.customer_of_wallet(wallet)  # type: ignore[arg-type]
        assert left is None
    assert beket.balance() == 10_00

# SPDX-License-Identifier: Apache-2.0
"""Each bank has its own line, and sees through it what is its own."""

from pathlib import Path

from tests.two_tiers import Country


def test_two_lines_lead_to_one_core(tmp_path: Path) -> None:
    country = Country(tmp_path)
    one, other = country.bank("altyn-bank", issued=100), country.bank("post")
    assert country.send(one, one.pay(other.wallet, 40)).accepted
    assert [country.balance(one), country.balance(other)] == [60, 40]
    seen = [country.line(name).events(-1, limit=10).events for name in ("altyn-bank", "post")]
    assert [len(events[-1].wallets) for events in seen] == [1, 1]
    country.close()

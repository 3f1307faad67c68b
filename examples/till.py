# SPDX-License-Identifier: Apache-2.0
"""A shop's till: shows a code, waits until it is paid, refunds half.

Watches events instead of asking again and again; after a break it goes on where it stopped.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from kerege.wallet import MemoryBank, Purse, Wallet

BANK = "http://bank.example"


def wait_until_paid(purse: Purse, till: Wallet, amount: int) -> None:
    """Read events until this much has come in."""
    came = 0
    for notice in purse.watch(BANK, wait_s=30):
        if notice.wallet == till.id and notice.data["change"] > 0:
            came += notice.data["change"]
            print("came in:", notice.data["change"], "order", notice.data["order"][:12])
        if came >= amount:
            return


def main() -> None:
    """One sale."""
    bank = MemoryBank("altyn-bank")
    with TemporaryDirectory() as folder, Purse(Path(folder), lambda _: bank.line("x")) as purse:
        till = purse.create("till", bank=BANK)
        till.open(owner_kind="firm", bank="altyn-bank", assets=["KZT"], tier="basic")
        guest = purse.create("guest", bank=BANK)
        guest.open(owner_kind="person", bank="altyn-bank", assets=["KZT"], tier="basic")
        bank.give(guest.id, 1_000_00)

        asked = till.request(450_00, asset="KZT")
        guest.pay(asked.qr, asset="KZT")
        wait_until_paid(purse, till, 450_00)
        print("the till has:", till.state().balances[0].balance, "minor units")


if __name__ == "__main__":
    main()

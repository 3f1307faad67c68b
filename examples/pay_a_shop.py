# SPDX-License-Identifier: Apache-2.0
"""A person pays a shop's QR code, loses the line on the way, and still pays once.

Run it as it is: the bank is the twin in memory. With `HttpBank` in its place the rest stays.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from kerege.wallet import MemoryBank, Purse, StillUnanswered


def main() -> None:
    """Open two wallets, ask, pay, break the line, come back."""
    bank = MemoryBank("altyn-bank")
    with TemporaryDirectory() as folder:
        with Purse(Path(folder), lambda _: bank.line("aru"), patience_s=1.0) as purse:
            tea = purse.create("tea", bank="http://bank.example")
            tea.open(owner_kind="person", bank="altyn-bank", assets=["KZT"], tier="basic")
            shop = purse.create("shop", bank="http://bank.example")
            shop.open(owner_kind="firm", bank="altyn-bank", assets=["KZT"], tier="basic")
            bank.give(tea.id, 1_000_00)

            asked = shop.request(450_00, asset="KZT", note="two loaves")
            print("the shop shows:", asked.qr)

            bank.lose_answers = 100  # the bank hears us, and we do not hear the bank
            try:
                tea.pay(asked.qr, asset="KZT")
            except StillUnanswered as unanswered:
                print("nobody knows yet:", unanswered.order_id)

        bank.lose_answers = 0
        # The next run of the program sends what was kept, the same bytes.
        with Purse(Path(folder), lambda _: bank.line("aru")) as purse:
            [answer] = purse.open("tea").resume()
            print("it was:", answer.verdict.code)
            print("the shop has:", bank.balance(purse.find("shop").id), "minor units")


if __name__ == "__main__":
    main()

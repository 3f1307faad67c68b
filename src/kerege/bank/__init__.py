# SPDX-License-Identifier: Apache-2.0
"""A bank, any intermediary: its customers, their tiers and wallets, their deposits and payments.

What it needs of the core is `core_line.CoreLine`; over HTTP that is a client, in tests and in one
process a twin with a real ledger.

>>> from kerege.bank.tiers import TierBook
>>> book = TierBook.read({"tiers": [{"name": "phone", "owner_kind": "person"}]})
>>> book.find("person", "phone").requires
()
"""

__all__: list[str] = []

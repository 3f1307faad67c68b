# SPDX-License-Identifier: Apache-2.0
"""A bank, any intermediary: its customers, their tiers and wallets, their deposits and payments.

>>> from kerege.bank.tiers import TierBook
>>> book = TierBook.read({"tiers": [{"name": "phone", "owner_kind": "person"}]})
>>> book.find("person", "phone").requires
()
"""

__all__: list[str] = []

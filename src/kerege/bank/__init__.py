# SPDX-License-Identifier: Apache-2.0
"""The bank (any intermediary): customers, their wallets and deposits, the way to the core.

What the bank needs of the core is `CoreLine`; over HTTP it is a client, in tests and in one
process a twin with a real ledger.

>>> from kerege.bank.core_line import CoreUnreachable
>>> raise CoreUnreachable("no answer", remedy="send the same again")
Traceback (most recent call last):
kerege.bank.core_line.CoreUnreachable: no answer (send the same again)
"""

__all__: list[str] = []

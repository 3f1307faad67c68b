# SPDX-License-Identifier: Apache-2.0
"""The central bank's node. So far: what ties its ledger to its public log.

>>> from kerege.centralbank import LedgerLeaves, ReceiptDesk, audit_export
"""

from kerege.centralbank.audit import FullReport, audit_export, root_of_export
from kerege.centralbank.leaves import LedgerLeaves
from kerege.centralbank.receipts import NotYetLogged, ReceiptDesk

__all__ = [
    "FullReport",
    "LedgerLeaves",
    "NotYetLogged",
    "ReceiptDesk",
    "audit_export",
    "root_of_export",
]

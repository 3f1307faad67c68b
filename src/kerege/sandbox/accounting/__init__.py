# SPDX-License-Identifier: Apache-2.0
"""For makers of accounting software: a VAT system to try against, and cases that drive any.

>>> from kerege.sandbox.accounting.cases import read_cases
>>> [case.name for case in read_cases()][:3]
['carousel', 'contract', 'credit-note']

`docs/accounting.md` tells the interface. `Shelf` keeps sets of books over the real planning and a
real ledger; `accounting_app` serves them; `run_case` drives whatever answers at an address.
"""

__all__: list[str] = []

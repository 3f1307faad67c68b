# SPDX-License-Identifier: Apache-2.0
"""A country in a box: made-up people, real parts.

`kerege up` starts it: a central bank, institutions, witnesses, people who earn and shop. A country
is a profile (`profile`), its folder (`country`), and processes kept running (`supervisor`).
`kerege demo` (`tour`) shows a ledger and its log alone.
"""

__all__: list[str] = []

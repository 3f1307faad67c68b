# SPDX-License-Identifier: Apache-2.0
"""The tables of the central bank's node and every statement on them.

>>> from kerege.centralbank.stores.schema import METADATA
>>> "register_wallets" in METADATA.tables
True
"""

__all__: list[str] = []

# SPDX-License-Identifier: Apache-2.0
"""Advisory locks of a PostgreSQL ledger: their numbers are arbitrary, but never change.

Taking a batch number and committing it happens under a shared lock; giving out leaves under
the exclusive one. So when leaves are given out every smaller number is either committed or
will never be: leaves follow batch numbers, and positions follow the log.
"""

from typing import Final

__all__ = [
    "LOCK_NUMBERS",
    "LOCK_REGISTER",
    "LOCK_SCHEMA",
    "TAKE_NUMBER",
    "UNLOCK_NUMBERS",
    "USE_NUMBER",
]

LOCK_SCHEMA: Final = "SELECT pg_advisory_xact_lock(1801811559, 1)"
LOCK_REGISTER: Final = "SELECT pg_advisory_xact_lock(1801811559, 2)"

TAKE_NUMBER: Final = """
    SELECT pg_advisory_xact_lock_shared(1801811559, 3), nextval('batch_numbers'),
           (SELECT max(at_us) FROM batches)
"""

LOCK_NUMBERS: Final = "SELECT pg_advisory_lock(1801811559, 3)"
UNLOCK_NUMBERS: Final = "SELECT pg_advisory_unlock(1801811559, 3)"

USE_NUMBER: Final = """
    SELECT pg_advisory_xact_lock_shared(1801811559, 3),
           setval('batch_numbers', greatest(%b::bigint, last_value)) FROM batch_numbers
"""

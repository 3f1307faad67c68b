# SPDX-License-Identifier: Apache-2.0
"""The schema of what a bank keeps about money on its way: one set of tables in its database.

How much there is stands in the two ledgers and nowhere here. A payment's row says what was sent,
what was set aside for it, and what was answered; `due_us` is when somebody must see to it again,
NULL when nothing is left to do.
"""

from typing import Final

import sqlalchemy as sa

from kerege.runtime.tables import Tables

__all__ = [
    "CURSORS",
    "CUSTODY_KEYS",
    "DISPUTES",
    "DISPUTE_MANDATES",
    "GUARDIAN_LIMITS",
    "METADATA",
    "PAYMENTS",
    "REFUNDS",
    "open_money_tables",
]

_VERSION: Final = 1

METADATA: Final = sa.MetaData()

PAYMENTS: Final = sa.Table(
    "payments",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("wallet", sa.String(36), nullable=False),
    sa.Column("customer", sa.String(36), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("asset", sa.String(12), nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sa.Column("text", sa.LargeBinary, nullable=False),
    sa.Column("reserves", sa.LargeBinary, nullable=False),
    sa.Column("made_us", sa.BigInteger, nullable=False),
    sa.Column("until_us", sa.BigInteger, nullable=False),
    sa.Column("sent_us", sa.BigInteger, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),
    sa.Column("due_us", sa.BigInteger),
    sa.CheckConstraint("length(digest) = 32", name="payments_digest"),
    sa.CheckConstraint("state IN ('sent', 'accepted', 'refused')", name="payments_state"),
    sa.CheckConstraint("(state = 'sent') = (length(answer) = 0)", name="payments_answer"),
    sa.CheckConstraint("state <> 'sent' OR due_us IS NOT NULL", name="payments_due"),
    sa.CheckConstraint("amount >= 0 AND tries >= 1", name="payments_figures"),
)

_DUE: Final = PAYMENTS.c.due_us.is_not(None)
sa.Index("payments_due", PAYMENTS.c.due_us, sqlite_where=_DUE, postgresql_where=_DUE)
sa.Index("payments_of_wallet", PAYMENTS.c.wallet, PAYMENTS.c.made_us, PAYMENTS.c.id)

CURSORS: Final = sa.Table(
    "cursors",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)

CUSTODY_KEYS: Final = sa.Table(
    "custody_keys",
    METADATA,
    sa.Column("wallet", sa.String(36), primary_key=True),
    sa.Column("kid", sa.String(43), primary_key=True),
    sa.Column("master", sa.String(16), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("made_us", sa.BigInteger, nullable=False),
    sa.CheckConstraint("state IN ('next', 'present')", name="custody_keys_state"),
)

_STATE: Final = CUSTODY_KEYS.c.state
sa.Index("custody_keys_one_each", CUSTODY_KEYS.c.wallet, _STATE, unique=True)

GUARDIAN_LIMITS: Final = sa.Table(
    "guardian_limits",
    METADATA,
    sa.Column("wallet", sa.String(36), primary_key=True),
    sa.Column("asset", sa.String(12), primary_key=True),
    sa.Column("payment", sa.BigInteger),
    sa.Column("day", sa.BigInteger),
    sa.Column("month", sa.BigInteger),
    sa.Column("guardian", sa.String(36), nullable=False),
    sa.Column("set_us", sa.BigInteger, nullable=False),
)

DISPUTES: Final = sa.Table(
    "disputes",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("payment", sa.String(36), nullable=False),
    sa.Column("leg", sa.Integer, nullable=False),
    sa.Column("payer", sa.String(36), nullable=False, index=True),
    sa.Column("payee", sa.String(36), nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("due_us", sa.BigInteger),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("payment", "leg", name="disputes_one_a_leg"),
)

_DISPUTE_DUE: Final = DISPUTES.c.due_us.is_not(None)
sa.Index(
    "disputes_due", DISPUTES.c.due_us, sqlite_where=_DISPUTE_DUE, postgresql_where=_DISPUTE_DUE
)

DISPUTE_MANDATES: Final = sa.Table(
    "dispute_mandates",
    METADATA,
    sa.Column("wallet", sa.String(36), primary_key=True),
    sa.Column("mandate", sa.String(36), nullable=False),
)

REFUNDS: Final = sa.Table(
    "refunds",
    METADATA,
    sa.Column("refund", sa.String(36), primary_key=True),
    sa.Column("payment", sa.String(36), nullable=False),
    sa.Column("leg", sa.Integer, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
)

sa.Index("refunds_of_payment", REFUNDS.c.payment, REFUNDS.c.leg)


def open_money_tables(url: str) -> Tables:
    """Open, and at first make, the tables in a bank's database; see `Tables` for what it raises."""
    return Tables(url, METADATA, name="money", version=_VERSION)

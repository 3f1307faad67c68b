# SPDX-License-Identifier: Apache-2.0
"""The schema of the bank's desk: notices, webhooks and requests to pay, in the bank's own database.

One set of tables, so that what happens and what tells of it are one SQL transaction.
"""

from typing import Final

import sqlalchemy as sa

from kerege.runtime.tables import Tables

__all__ = [
    "DELIVERIES",
    "METADATA",
    "NOTICES",
    "REQUESTS",
    "WALLET_SETTINGS",
    "WEBHOOKS",
    "open_desk_tables",
]

_VERSION: Final = 1

METADATA: Final = sa.MetaData()

NOTICES: Final = sa.Table(
    "notices",
    METADATA,
    # SQLite gives ids in order of commit to an INTEGER key; PostgreSQL only under our lock.
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("customer", sa.String(36), nullable=False),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("wallet", sa.String(36), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("key", sa.String(160), nullable=False, unique=True),
    sa.Index("notices_of_customer", "customer", "id"),
    sqlite_autoincrement=True,
)

WALLET_SETTINGS: Final = sa.Table(
    "wallet_settings",
    METADATA,
    sa.Column("wallet", sa.String(36), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("top_up", sa.Boolean, nullable=False),
)

WEBHOOKS: Final = sa.Table(
    "webhooks",
    METADATA,
    sa.Column("id", sa.String(37), primary_key=True),
    sa.Column("customer", sa.String(36), nullable=False, index=True),
    sa.Column("url", sa.String(500), nullable=False),
    sa.Column("kinds", sa.Text, nullable=False),
    sa.Column("made_us", sa.BigInteger, nullable=False),
    sa.Column("cursor", sa.BigInteger, nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False),
)

DELIVERIES: Final = sa.Table(
    "deliveries",
    METADATA,
    sa.Column(
        "webhook",
        sa.String(37),
        sa.ForeignKey("webhooks.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("notice", sa.BigInteger, primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_us", sa.BigInteger, nullable=False),
    sa.Column("dead", sa.Boolean, nullable=False),
    sa.Column("fault", sa.String(200), nullable=False),
    sa.Index("deliveries_due", "dead", "next_us"),
)

REQUESTS: Final = sa.Table(
    "requests",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("customer", sa.String(36), nullable=False, index=True),
    sa.Column("wallet", sa.String(36), nullable=False),
    sa.Column("until_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("note", sa.String(140), nullable=False),
)


def open_desk_tables(url: str) -> Tables:
    """Open, and at first make, the tables in a bank's database; see `Tables` for what it raises."""
    return Tables(url, METADATA, name="desk", version=_VERSION)

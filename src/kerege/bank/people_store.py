# SPDX-License-Identifier: Apache-2.0
"""The schema of what a bank keeps about people: one set of tables, so that one SQL transaction
covers a customer, the sealed data, the ways to find them and what they may do.

No column here holds personal data in the clear: names, numbers and dates are sealed (`vault_*`),
what is looked up is a keyed hash.
"""

from typing import Final

import sqlalchemy as sa

from kerege.runtime.tables import Tables

__all__ = [
    "ALIASES",
    "ALIAS_CONSENTS",
    "CUSTOMERS",
    "CUSTOMER_TAGS",
    "CUSTOMER_WALLETS",
    "GRANTS",
    "METADATA",
    "ONE_TIME_CODES",
    "REFRESH_TOKENS",
    "SCREENING_CASES",
    "SCREENING_ENTRIES",
    "SCREENING_LISTS",
    "SESSIONS",
    "SIGN_INS",
    "TAG_BYTES",
    "THROTTLES",
    "VAULT_FIELDS",
    "VAULT_KEYS",
    "open_people_tables",
]

_VERSION: Final = 1

TAG_BYTES: Final = 32
"""An HMAC-SHA256."""

METADATA: Final = sa.MetaData()

CUSTOMERS: Final = sa.Table(
    "customers",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("tier", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("guardian", sa.String(36), sa.ForeignKey("customers.id"), index=True),
    sa.Column("opened_us", sa.BigInteger, nullable=False),
    sa.Column("changed_us", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("kind IN ('person', 'firm', 'agency')", name="customers_kind"),
    sa.CheckConstraint(
        "state IN ('waiting', 'active', 'blocked', 'closed', 'forgotten')", name="customers_state"
    ),
    sa.CheckConstraint("guardian IS NULL OR guardian <> id", name="customers_guardian"),
)

CUSTOMER_TAGS: Final = sa.Table(
    "customer_tags",
    METADATA,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("tag", sa.LargeBinary(TAG_BYTES), primary_key=True),
    sa.Column("customer", sa.String(36), sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.CheckConstraint(f"length(tag) = {TAG_BYTES}", name="customer_tags_length"),
)

CUSTOMER_WALLETS: Final = sa.Table(
    "customer_wallets",
    METADATA,
    sa.Column("wallet", sa.String(36), primary_key=True),
    sa.Column("customer", sa.String(36), sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("custody", sa.Boolean, nullable=False),
    sa.Column("attached_us", sa.BigInteger, nullable=False),
)

VAULT_KEYS: Final = sa.Table(
    "vault_keys",
    METADATA,
    sa.Column("owner", sa.String(36), primary_key=True),
    sa.Column("master", sa.String(16), nullable=False, index=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)

VAULT_FIELDS: Final = sa.Table(
    "vault_fields",
    METADATA,
    sa.Column("owner", sa.String(36), sa.ForeignKey("vault_keys.owner"), primary_key=True),
    sa.Column("field", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

THROTTLES: Final = sa.Table(
    "throttles",
    METADATA,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("subject", sa.LargeBinary(TAG_BYTES), primary_key=True),
    sa.Column("begins_us", sa.BigInteger, nullable=False),
    sa.Column("used", sa.BigInteger, nullable=False),
)

# Of secrets with 256 random bits the SHA-256 is kept: nobody can act on a copy of the database.
ONE_TIME_CODES: Final = sa.Table(
    "one_time_codes",
    METADATA,
    sa.Column("id", sa.LargeBinary(TAG_BYTES), primary_key=True),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("mac", sa.LargeBinary(TAG_BYTES), nullable=False),
    sa.Column("tries_left", sa.Integer, nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False, index=True),
    sa.CheckConstraint("tries_left >= 0", name="one_time_codes_tries"),
)

SIGN_INS: Final = sa.Table(
    "sign_ins",
    METADATA,
    sa.Column("id", sa.LargeBinary(TAG_BYTES), primary_key=True),
    sa.Column("parameters", sa.Text, nullable=False),
    sa.Column("code", sa.String(43)),
    sa.Column("customer", sa.String(36)),
    sa.Column("expires_us", sa.BigInteger, nullable=False, index=True),
)

SESSIONS: Final = sa.Table(
    "sessions",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("customer", sa.String(36), sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("client", sa.String(40), nullable=False),
    sa.Column("scope", sa.String(100), nullable=False),
    sa.Column("thumbprint", sa.String(43)),
    sa.Column("started_us", sa.BigInteger, nullable=False),
    sa.Column("used_us", sa.BigInteger, nullable=False),
    sa.Column("ends_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("ended_us", sa.BigInteger),
)

GRANTS: Final = sa.Table(
    "grants",
    METADATA,
    sa.Column("code", sa.LargeBinary(TAG_BYTES), primary_key=True),
    sa.Column("client", sa.String(40), nullable=False),
    sa.Column("customer", sa.String(36), nullable=False),
    sa.Column("redirect_uri", sa.Text, nullable=False),
    sa.Column("scope", sa.String(100), nullable=False),
    sa.Column("nonce", sa.Text, nullable=False),
    sa.Column("challenge", sa.String(128), nullable=False),
    sa.Column("thumbprint", sa.String(43)),
    sa.Column("uses", sa.Integer, nullable=False),
    sa.Column("session", sa.String(36)),
    sa.Column("granted_us", sa.BigInteger, nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False, index=True),
)

REFRESH_TOKENS: Final = sa.Table(
    "refresh_tokens",
    METADATA,
    sa.Column("id", sa.LargeBinary(TAG_BYTES), primary_key=True),
    sa.Column("session", sa.String(36), sa.ForeignKey("sessions.id"), nullable=False, index=True),
    sa.Column("expires_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("used_us", sa.BigInteger),
)

SCREENING_LISTS: Final = sa.Table(
    "screening_lists",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("version", sa.String(60), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("loaded_us", sa.BigInteger, nullable=False),
)

# Who is listed is published; who of the customers is like them is in no column.
SCREENING_ENTRIES: Final = sa.Table(
    "screening_entries",
    METADATA,
    sa.Column("list", sa.String(40), sa.ForeignKey("screening_lists.name"), primary_key=True),
    sa.Column("id", sa.String(60), primary_key=True),
    sa.Column("entry", sa.Text, nullable=False),
)

SCREENING_CASES: Final = sa.Table(
    "screening_cases",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("customer", sa.String(36), sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("list", sa.String(40), nullable=False),
    sa.Column("entry", sa.String(60), nullable=False),
    sa.Column("entry_digest", sa.String(32), nullable=False),
    sa.Column("data_tag", sa.LargeBinary(TAG_BYTES), nullable=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("opened_us", sa.BigInteger, nullable=False),
    sa.Column("decided_us", sa.BigInteger),
    sa.Column("decided_by", sa.String(80)),
    sa.UniqueConstraint("customer", "list", "entry", name="screening_cases_once"),
    sa.Index("screening_cases_queue", "state", "id"),
    sa.CheckConstraint(
        "state IN ('open', 'cleared', 'confirmed', 'lapsed')", name="screening_cases_state"
    ),
    sa.CheckConstraint("score BETWEEN 0 AND 1000", name="screening_cases_score"),
)

# What the alias is, only the vault says; the tag is the directory's.
ALIASES: Final = sa.Table(
    "aliases",
    METADATA,
    sa.Column("tag", sa.String(43), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("customer", sa.String(36), sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("wallet", sa.String(36), nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("changed_us", sa.BigInteger, nullable=False),
    sa.CheckConstraint("state IN ('claiming', 'listed', 'releasing')", name="aliases_state"),
)

ALIAS_CONSENTS: Final = sa.Table(
    "alias_consents",
    METADATA,
    sa.Column("customer", sa.String(36), sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("shows", sa.String(16), nullable=False),
    sa.CheckConstraint("shows IN ('masked', 'nothing')", name="alias_consents_shows"),
)


def open_people_tables(url: str) -> Tables:
    """Open, and at first make, the tables in a bank's database; see `Tables` for what it raises."""
    return Tables(url, METADATA, name="people", version=_VERSION)

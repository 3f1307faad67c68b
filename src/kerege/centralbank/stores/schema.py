# SPDX-License-Identifier: Apache-2.0
"""Tables of the register, version 2 (version 1 had no programmes).

Times are microseconds since 1970 UTC, ids their text form, documents JSON as signed or encoded.
All names begin with `register_`: on PostgreSQL the ledger's tables lie in the same database.
"""

from typing import Final

import sqlalchemy as sa

__all__ = [
    "ACCOUNTS",
    "ALIASES",
    "CHANGES",
    "CHANGE_COUNT",
    "DEPARTURES",
    "FEES",
    "FREEZES",
    "INTENTS",
    "MARKS",
    "METADATA",
    "NAME",
    "PARAMETERS",
    "PARTICIPANTS",
    "PARTICIPANT_KEYS",
    "PROGRAMMES",
    "PROGRAMME_REFUSALS",
    "PROGRAMME_VERSIONS",
    "PROPOSALS",
    "RESOLUTIONS",
    "VERSION",
    "WALLETS",
    "WALLET_KEYS",
]

NAME: Final = "register"
VERSION: Final = 2

METADATA: Final = sa.MetaData()

_ORDER = sa.String(36)
_WALLET = sa.String(36)
_PARTICIPANT = sa.String(32)
_KID = sa.String(43)
_TIME = sa.BigInteger
_PROGRAMME = sa.String(32)

PARAMETERS: Final = sa.Table(
    "register_parameters",
    METADATA,
    sa.Column(
        "single",
        sa.Integer,
        sa.CheckConstraint("single = 1"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("document", sa.LargeBinary, nullable=False),
    comment="What the country was founded with; one row.",
)

ACCOUNTS: Final = sa.Table(
    "register_accounts",
    METADATA,
    sa.Column("use", sa.String(20), primary_key=True),
    sa.Column("asset", sa.String(12), primary_key=True),
    sa.Column("participant", _PARTICIPANT, primary_key=True),
    sa.Column("account", sa.BigInteger, nullable=False, unique=True),
    comment="Accounts of the core itself, and of its participants beside their wallets.",
)

PARTICIPANTS: Final = sa.Table(
    "register_participants",
    METADATA,
    sa.Column("id", _PARTICIPANT, primary_key=True),
    sa.Column("roles", sa.String(100), nullable=False),
    sa.Column("licence", sa.LargeBinary, nullable=False),
    sa.Column("quota", sa.LargeBinary, nullable=False),
    sa.Column("suspended", sa.Boolean, nullable=False),
    sa.Column("wallet", _WALLET, unique=True),
)

PARTICIPANT_KEYS: Final = sa.Table(
    "register_participant_keys",
    METADATA,
    sa.Column("keyid", _KID, primary_key=True),
    sa.Column("participant", _PARTICIPANT, sa.ForeignKey(PARTICIPANTS.c.id), nullable=False),
    sa.Column("jwk", sa.String(1024), nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False),
    comment="A key is one participant's for ever: a revoked one never comes back.",
)

WALLETS: Final = sa.Table(
    "register_wallets",
    METADATA,
    sa.Column("id", _WALLET, primary_key=True),
    sa.Column("opened_by", _ORDER, nullable=False),
    sa.Column("bank", _PARTICIPANT, sa.ForeignKey(PARTICIPANTS.c.id), nullable=False),
    sa.Column("owner_kind", sa.String(32), nullable=False),
    sa.Column("tier", sa.String(32), nullable=False),
    sa.Column("category", sa.String(4), nullable=False),
    sa.Column("vat", sa.Boolean, nullable=False),
    sa.Column("region", sa.String(32), nullable=False),
    sa.Column("overflow", sa.Boolean, nullable=False),
    sa.Column("accounts", sa.String(400), nullable=False),
    comment="What rules may depend on; whose wallet it is, only its bank knows.",
)

WALLET_KEYS: Final = sa.Table(
    "register_wallet_keys",
    METADATA,
    sa.Column("kid", _KID, primary_key=True),
    sa.Column("wallet", _WALLET, nullable=False, index=True),
    sa.Column("jwk", sa.String(1024), nullable=False),
    sa.Column(
        "state",
        sa.String(10),
        sa.CheckConstraint("state IN ('claimed', 'signing', 'recovery', 'revoked')"),
        nullable=False,
    ),
    sa.Column("becomes", sa.String(10), nullable=False),
    sa.Column("claimed_by", _ORDER, nullable=False, index=True),
    comment="A key is one wallet's for ever: a revoked one never comes back.",
)

INTENTS: Final = sa.Table(
    "register_intents",
    METADATA,
    sa.Column("order_id", _ORDER, primary_key=True),
    sa.Column("wallet", _WALLET, nullable=False, unique=True),
    sa.Column("bank", _PARTICIPANT, nullable=False),
    sa.Column("evidence", sa.LargeBinary, nullable=False),
    comment="Changes of wallets that were begun; a row goes away with the change it stands for.",
)

DEPARTURES: Final = sa.Table(
    "register_departures",
    METADATA,
    sa.Column("order_id", _ORDER, primary_key=True),
    sa.Column("bank", _PARTICIPANT, nullable=False),
    comment="Which institution kept a wallet before an order moved it; noted before the order.",
)

CHANGE_COUNT: Final = sa.Table(
    "register_change_count",
    METADATA,
    sa.Column(
        "single",
        sa.Integer,
        sa.CheckConstraint("single = 1"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("number", sa.BigInteger, nullable=False),
    comment="Locked by whoever changes what nodes keep in memory, so that numbers come in order.",
)

CHANGES: Final = sa.Table(
    "register_changes",
    METADATA,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
)

PROPOSALS: Final = sa.Table(
    "register_proposals",
    METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False, unique=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column(
        "state",
        sa.String(10),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'executed', 'refused', 'expired')"),
        nullable=False,
    ),
    sa.Column("proposal", sa.LargeBinary, nullable=False),
    sa.Column("approval", sa.LargeBinary, nullable=False),
    sa.Column("proposer", _PARTICIPANT, nullable=False),
    sa.Column("approver", _PARTICIPANT, nullable=False),
    sa.Column("proposed_at_us", _TIME, nullable=False),
    sa.Column("expires_at_us", _TIME, nullable=False),
    sa.Column("due_at_us", _TIME, nullable=False),
    sa.Column("settled_at_us", _TIME, nullable=False),
    sa.Column("order_id", sa.String(36), nullable=False),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("explanation", sa.String(500), nullable=False),
    sa.Column("institution", _PARTICIPANT, nullable=False),
    sa.Column("access", sa.BigInteger, unique=True),
    sa.Index("register_proposals_by_state", "state", "due_at_us"),
    sa.CheckConstraint("proposer <> approver"),
    comment="access: the place in the public access log of an action that belongs there.",
)

FREEZES: Final = sa.Table(
    "register_freezes",
    METADATA,
    sa.Column("proposal", sa.String(36), sa.ForeignKey(PROPOSALS.c.id), primary_key=True),
    sa.Column("wallet", _WALLET, sa.ForeignKey(WALLETS.c.id), nullable=False, index=True),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("released_by", sa.String(36), nullable=False),
)

FEES: Final = sa.Table(
    "register_fee_schedules",
    METADATA,
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("document", sa.LargeBinary, nullable=False),
    comment="Published fee schedules; the newest whose time has come is in force.",
)

ALIASES: Final = sa.Table(
    "register_aliases",
    METADATA,
    sa.Column("tag", sa.String(43), primary_key=True),
    sa.Column("wallet", _WALLET, sa.ForeignKey(WALLETS.c.id), nullable=False, index=True),
    sa.Column("claimed_at_us", _TIME, nullable=False),
)

RESOLUTIONS: Final = sa.Table(
    "register_resolutions",
    METADATA,
    sa.Column("bank", _PARTICIPANT, primary_key=True),
    sa.Column("minute", sa.BigInteger, primary_key=True),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("found", sa.Integer, nullable=False),
)

PROGRAMMES: Final = sa.Table(
    "register_programmes",
    METADATA,
    sa.Column("id", _PROGRAMME, primary_key=True),
    sa.Column("asset", sa.String(12), nullable=False),
    sa.Column("funder", _WALLET, sa.ForeignKey(WALLETS.c.id), nullable=False),
    sa.Column("budget", sa.BigInteger, nullable=False, unique=True),
    sa.Column(
        "state",
        sa.String(10),
        sa.CheckConstraint("state IN ('active', 'suspended', 'closed', 'settled')"),
        nullable=False,
    ),
    sa.Column("changed_by", sa.String(36), nullable=False),
    sa.Column("authority", sa.String(120), nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
    comment="budget: the account of what may still be marked. changed_by: the proposal of the last"
    " change of state, with its authority and reason; empty before the first.",
)

PROGRAMME_VERSIONS: Final = sa.Table(
    "register_programme_versions",
    METADATA,
    sa.Column("programme", _PROGRAMME, sa.ForeignKey(PROGRAMMES.c.id), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("terms", sa.LargeBinary, nullable=False),
    sa.Column("proposal", sa.String(36), sa.ForeignKey(PROPOSALS.c.id), nullable=False),
    sa.Column("at_us", _TIME, nullable=False),
    comment="Terms as they were signed, and the proposal that put them in force.",
)

PROGRAMME_REFUSALS: Final = sa.Table(
    "register_programme_refusals",
    METADATA,
    sa.Column("programme", _PROGRAMME, primary_key=True),
    sa.Column("rule", sa.String(100), primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("payments", sa.BigInteger, nullable=False),
    comment="How often a rule (route/condition) kept payments from a programme's money, by day"
    " since 1970 UTC.",
)

MARKS: Final = sa.Table(
    "register_marks",
    METADATA,
    sa.Column(
        "mark", sa.BigInteger, sa.CheckConstraint("mark > 0"), primary_key=True, autoincrement=False
    ),
    sa.Column("programme", _PROGRAMME, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(
        ["programme", "version"], [PROGRAMME_VERSIONS.c.programme, PROGRAMME_VERSIONS.c.version]
    ),
    comment="The version the money of a mark lives under. A mark is one programme's for ever.",
)

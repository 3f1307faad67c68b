-- SPDX-License-Identifier: Apache-2.0
-- Kerege ledger, embedded store, schema version 1.
--
-- The truth is `orders`, `transfers` and `account_events`: rows are added and never
-- changed. `balances` is the fold of `transfers` up to `at_seq`, written back in turn, so
-- that a start need not fold from the beginning: the balance of a cell is its row plus its
-- transfers after `at_seq`. Positions are batch * 16384 + offset (see outcome.py).
-- Amounts are minor units of the account's asset; times are microseconds since 1970 UTC.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE assets (
    number INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    scale INTEGER NOT NULL CHECK (scale BETWEEN 0 AND 18)
) STRICT;

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    asset INTEGER NOT NULL REFERENCES assets (number),
    role INTEGER NOT NULL CHECK (role BETWEEN 1 AND 4),
    floor INTEGER CHECK (floor <= 0),
    ceiling INTEGER CHECK (ceiling >= 0),
    status INTEGER NOT NULL CHECK (status BETWEEN 0 AND 7),
    owner TEXT NOT NULL,
    opened_seq INTEGER NOT NULL,
    CHECK (floor IS NOT NULL OR role = 4)
) STRICT;

CREATE TABLE batches (
    batch INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    orders INTEGER NOT NULL CHECK (orders > 0),
    steps INTEGER NOT NULL CHECK (steps >= orders),
    first_leaf INTEGER NOT NULL UNIQUE
) STRICT;

-- A plain order (one unconditional POST of unmarked money without evidence) is fully told
-- by its transfer, which then carries its id; every other order has a row here.
CREATE TABLE orders (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    seq INTEGER NOT NULL,
    steps INTEGER NOT NULL CHECK (steps > 0),
    body BLOB NOT NULL,
    evidence BLOB
) STRICT;

CREATE TABLE transfers (
    seq INTEGER PRIMARY KEY,
    order_number INTEGER NOT NULL,
    order_id BLOB CHECK (length(order_id) = 16),
    kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 7),
    debit INTEGER NOT NULL,
    credit INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    posted INTEGER NOT NULL CHECK (posted >= 0),
    held INTEGER NOT NULL,
    code INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    debit_previous INTEGER NOT NULL CHECK (debit_previous < seq),
    credit_previous INTEGER NOT NULL CHECK (credit_previous < seq),
    CHECK (debit <> credit),
    CHECK (order_id IS NULL OR (kind = 1 AND mark = 0 AND held = 0))
) STRICT;

CREATE UNIQUE INDEX plain_orders ON transfers (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE refusals (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    content BLOB NOT NULL CHECK (length(content) = 32),
    at_us INTEGER NOT NULL,
    refusal INTEGER NOT NULL,
    step INTEGER NOT NULL,
    found INTEGER NOT NULL,
    allowed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pendings (
    seq INTEGER PRIMARY KEY,
    order_id BLOB NOT NULL,
    step INTEGER NOT NULL,
    debit INTEGER NOT NULL,
    credit INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    remaining INTEGER NOT NULL CHECK (remaining >= 0),
    expires_at_us INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    UNIQUE (order_id, step),
    CHECK ((state = 0) = (remaining > 0))
) STRICT;

CREATE INDEX pendings_due ON pendings (expires_at_us) WHERE state = 0;

CREATE TABLE account_events (
    seq INTEGER PRIMARY KEY,
    order_number INTEGER NOT NULL,
    account INTEGER
) STRICT;

CREATE INDEX account_events_by_account ON account_events (account, seq);

CREATE TABLE balances (
    slot INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id),
    mark INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    debits_pending INTEGER NOT NULL CHECK (debits_pending >= 0),
    credits_pending INTEGER NOT NULL CHECK (credits_pending >= 0),
    version INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    at_seq INTEGER NOT NULL CHECK (at_seq >= last_seq),
    UNIQUE (account, mark)
) STRICT;

CREATE TABLE milestones (
    account INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    version INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    debits_pending INTEGER NOT NULL,
    credits_pending INTEGER NOT NULL,
    PRIMARY KEY (account, mark, seq)
) STRICT, WITHOUT ROWID;

CREATE VIEW statement AS
    SELECT t.seq, b.at_us, ifnull(t.order_id, o.id) AS order_id, t.kind, t.debit, t.credit,
           t.mark, t.posted, t.held
    FROM transfers t
    LEFT JOIN orders o ON o.number = t.order_number
    JOIN batches b ON b.batch = t.seq >> 14;

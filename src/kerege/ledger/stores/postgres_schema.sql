-- SPDX-License-Identifier: Apache-2.0
-- Kerege ledger on PostgreSQL, schema version 1.
--
-- The truth is `orders`, `documents`, `transfers` and `account_events`: rows are added and
-- never changed. `balances` is the fold of `transfers`, kept up to date with every batch.
-- Positions are batch * 16384 + offset (see outcome.py). Amounts are minor units of the
-- account's asset; times are microseconds since 1970 UTC.
--
-- Cells of accounts that everyone credits are spread over stripes 1 to 16, whose sum is the
-- balance; all other cells are stripe 0. The unmarked row of an (account, stripe) is the
-- lock of all its cells and carries the account's limits and status, so whoever holds it
-- knows them for certain.

CREATE TABLE meta (
    key text PRIMARY KEY,
    value bigint NOT NULL
);

CREATE TABLE assets (
    number smallint PRIMARY KEY CHECK (number >= 0),
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z][A-Z0-9-]{2,11}$'),
    scale smallint NOT NULL CHECK (scale BETWEEN 0 AND 18)
);

CREATE TABLE accounts (
    id bigint PRIMARY KEY CHECK (id BETWEEN 1 AND 68719476735),
    asset smallint NOT NULL REFERENCES assets (number),
    role smallint NOT NULL CHECK (role BETWEEN 1 AND 4),
    owner text NOT NULL,
    opened_seq bigint NOT NULL UNIQUE
);

-- Collectors and issuers: whose cells are spread over stripes.
CREATE INDEX accounts_striped ON accounts (id) WHERE role IN (2, 4);

CREATE SEQUENCE batch_numbers;

-- `first_leaf` is given later, in order of `batch` (see postgres_leaves.py).
CREATE TABLE batches (
    batch bigint PRIMARY KEY CHECK (batch >= 0),
    at_us bigint NOT NULL,
    orders integer NOT NULL CHECK (orders > 0),
    steps integer NOT NULL CHECK (steps >= orders),
    first_leaf bigint UNIQUE CHECK (first_leaf >= 0)
);

CREATE INDEX batches_without_leaf ON batches (batch) WHERE first_leaf IS NULL;
CREATE INDEX batches_at_us ON batches (at_us);

-- Every id that was ever decided; refused orders have no place, so their steps are 0.
CREATE TABLE orders (
    id uuid PRIMARY KEY,
    number bigint NOT NULL,
    seq bigint NOT NULL,
    steps integer NOT NULL,
    CHECK (seq >= number),
    CHECK ((steps = 0) = (number = -1))
);

CREATE UNIQUE INDEX orders_by_number ON orders (number) WHERE steps > 0;

-- Bytes of orders that are more than one plain transfer.
CREATE TABLE documents (
    number bigint PRIMARY KEY,
    body bytea NOT NULL,
    evidence bytea NOT NULL
);

CREATE TABLE transfers (
    seq bigint PRIMARY KEY,
    order_number bigint NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    posted bigint NOT NULL CHECK (posted BETWEEN 0 AND 999999999999999999),
    held bigint NOT NULL,
    pending bigint NOT NULL,
    debit_previous bigint NOT NULL,
    credit_previous bigint NOT NULL,
    mark integer NOT NULL CHECK (mark >= 0),
    code integer NOT NULL CHECK (code >= 0),
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 7),
    CHECK (debit <> credit),
    CHECK (debit_previous < seq AND credit_previous < seq AND pending < seq)
);

CREATE TABLE refusals (
    id uuid PRIMARY KEY REFERENCES orders (id),
    content bytea NOT NULL CHECK (length(content) = 32),
    at_us bigint NOT NULL,
    refusal smallint NOT NULL CHECK (refusal > 30),
    step integer NOT NULL,
    found bigint NOT NULL,
    allowed bigint NOT NULL
);

CREATE TABLE pendings (
    seq bigint PRIMARY KEY,
    order_id uuid NOT NULL,
    step integer NOT NULL CHECK (step >= 0),
    debit bigint NOT NULL REFERENCES accounts (id),
    credit bigint NOT NULL REFERENCES accounts (id),
    mark integer NOT NULL CHECK (mark >= 0),
    remaining bigint NOT NULL CHECK (remaining >= 0),
    expires_at_us bigint NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 0 AND 3),
    UNIQUE (order_id, step),
    CHECK ((state = 0) = (remaining > 0))
);

CREATE INDEX pendings_due ON pendings (expires_at_us, seq) WHERE state = 0;

CREATE TABLE account_events (
    seq bigint PRIMARY KEY,
    order_number bigint NOT NULL,
    account bigint REFERENCES accounts (id)
);

CREATE INDEX account_events_by_account ON account_events (account, seq);

-- Half of a page is left free, so that a new version of a row stays in its page and no
-- index is touched. `floor`, `ceiling`, `status`, `has_marks` and `crowded` are the
-- unmarked rows' own; a marked row repeats only its account's role. What must hold over
-- several rows (a ceiling over marks, the sum of stripes) is the rules' business.
CREATE TABLE balances (
    account bigint NOT NULL REFERENCES accounts (id),
    balance bigint NOT NULL,
    debits_pending bigint NOT NULL,
    credits_pending bigint NOT NULL,
    version bigint NOT NULL CHECK (version >= 0),
    last_seq bigint NOT NULL CHECK (last_seq >= 0),
    floor bigint,
    ceiling bigint,
    mark integer NOT NULL CHECK (mark BETWEEN 0 AND 67108863),
    asset smallint NOT NULL,
    stripe smallint NOT NULL CHECK (stripe BETWEEN 0 AND 16),
    role smallint NOT NULL CHECK (role BETWEEN 1 AND 4),
    status smallint NOT NULL CHECK (status BETWEEN 0 AND 7),
    has_marks boolean NOT NULL,
    crowded boolean NOT NULL,
    PRIMARY KEY (account, mark, stripe),
    CONSTRAINT in_range CHECK (
        stripe > 0 OR balance BETWEEN -4000000000000000000 AND 4000000000000000000),
    CONSTRAINT striped_by_role CHECK ((stripe > 0) = (role IN (2, 4))),
    CONSTRAINT limits_suit_role CHECK (
        CASE role WHEN 1 THEN floor IS NOT NULL AND floor <= 0
                  WHEN 4 THEN floor IS NULL AND ceiling IS NULL
                  ELSE floor = 0 AND ceiling IS NULL END),
    CONSTRAINT pending_is_reserved CHECK (
        stripe > 0 OR (debits_pending >= 0 AND credits_pending >= 0)),
    CONSTRAINT above_floor CHECK (role <> 1 OR balance - debits_pending >= floor),
    CONSTRAINT below_ceiling CHECK (balance + credits_pending <= ceiling),
    CONSTRAINT closed_is_empty CHECK (
        status < 4 OR stripe > 0
        OR (balance = 0 AND debits_pending = 0 AND credits_pending = 0))
) WITH (fillfactor = 50);

-- Who holds money of a mark: asked when a programme ends.
CREATE INDEX balances_of_mark ON balances (mark, account) WHERE mark <> 0;

-- Every 64th version of a stripe of a cell, so any point of its history is near a known one.
CREATE TABLE milestones (
    account bigint NOT NULL,
    seq bigint NOT NULL,
    at_us bigint NOT NULL,
    version bigint NOT NULL,
    balance bigint NOT NULL,
    debits_pending bigint NOT NULL,
    credits_pending bigint NOT NULL,
    mark integer NOT NULL,
    stripe smallint NOT NULL,
    PRIMARY KEY (account, mark, stripe, seq)
);

CREATE INDEX milestones_by_time ON milestones (account, mark, stripe, at_us, seq);

CREATE VIEW statement AS
    SELECT t.seq, b.at_us, o.id AS order_id, t.kind, t.debit, t.credit, t.mark, t.posted, t.held
    FROM transfers t
    JOIN orders o ON o.number = t.order_number AND o.steps > 0
    JOIN batches b ON b.batch = t.seq >> 14;

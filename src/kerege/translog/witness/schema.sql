-- SPDX-License-Identifier: Apache-2.0
-- Schema version 1. One row per log ever cosigned: the latest cosigned tree.
-- The triggers repeat the witness's promise, so that not even a fault in the code can break it.
PRAGMA user_version = 1;
-- "KWit".
PRAGMA application_id = 0x4B576974;

CREATE TABLE cosigned_log (
    origin      TEXT    NOT NULL PRIMARY KEY,
    -- Lowercase hex SHA-256 of the origin: the name under which monitors fetch the checkpoint.
    origin_hash TEXT    NOT NULL UNIQUE CHECK (length(origin_hash) = 64),
    size        INTEGER NOT NULL CHECK (size >= 0),
    root        BLOB    NOT NULL CHECK (length(root) = 32),
    -- POSIX seconds of the latest cosignature.
    timestamp_s INTEGER NOT NULL CHECK (timestamp_s > 0),
    -- The cosigned checkpoint: the log's signatures, then the witness's cosignatures.
    note        BLOB    NOT NULL
) STRICT;

CREATE TRIGGER cosigned_log_never_shrinks BEFORE UPDATE ON cosigned_log
WHEN NEW.size < OLD.size OR NEW.timestamp_s < OLD.timestamp_s OR NEW.origin <> OLD.origin
BEGIN
    SELECT RAISE(ABORT, 'a cosigned log never goes back');
END;

CREATE TRIGGER cosigned_log_never_forks BEFORE UPDATE ON cosigned_log
WHEN NEW.size = OLD.size AND NEW.root <> OLD.root
BEGIN
    SELECT RAISE(ABORT, 'a cosigned size has one root');
END;

CREATE TRIGGER cosigned_log_never_forgets BEFORE DELETE ON cosigned_log
BEGIN
    SELECT RAISE(ABORT, 'a cosigned log is never forgotten');
END;

-- +goose Up

-- The last number given out, for each kind of id. Taking a number locks its row
-- until the transaction ends, so writers of one kind take turns.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, last) VALUES ('batch', 0), ('run', 0), ('operation', 0), ('audit', 0);

-- One load. Its rows count because this row is there and has no undone_at.
CREATE TABLE batches (
    batch       INTEGER PRIMARY KEY,        -- 12 is shown as B-000012
    pack        TEXT NOT NULL,
    target      TEXT NOT NULL,              -- feed, register, subjects or judgements
    file        TEXT NOT NULL,
    digest      TEXT NOT NULL,              -- SHA-256 of the file
    content     TEXT NOT NULL,              -- SHA-256 of the facts read from it
    encoding    TEXT NOT NULL,
    file_rows   INTEGER NOT NULL,
    refused     INTEGER NOT NULL,           -- rows left out because they are bad
    added       INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    unchanged   INTEGER NOT NULL,
    at          TEXT NOT NULL,              -- UTC; later for a larger batch
    actor       TEXT NOT NULL,
    via         TEXT NOT NULL,
    undone_at   TEXT NOT NULL DEFAULT '',   -- '' while live
    undone_by   TEXT NOT NULL DEFAULT '',
    undo_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX batches_by_file ON batches (pack, target, digest);

-- The facts. (batch, n) names a row; n counts within the batch over all these
-- tables. They have no foreign keys: checking one for each row would double the
-- time of a load, and a row without its batch is never read.
CREATE TABLE subjects (
    batch      INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    file_row   INTEGER NOT NULL,            -- line of the file; 0 if there is none
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    short_name TEXT NOT NULL,
    peer_group TEXT NOT NULL,
    type       TEXT NOT NULL,
    parent     TEXT NOT NULL,
    opened     TEXT NOT NULL,               -- 2025-07-20 or ''
    valid_from TEXT NOT NULL,
    attributes TEXT NOT NULL,               -- values by id as JSON; '' if there are none
    heading    TEXT NOT NULL,               -- of the column it came from
    PRIMARY KEY (batch, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE figures (
    batch     INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    file_row  INTEGER NOT NULL,
    subject   TEXT NOT NULL,
    statistic TEXT NOT NULL,
    period    TEXT NOT NULL,                -- 2025, 2025H1, 2025Q2 or 2025-06
    value     TEXT NOT NULL,                -- exact, in base units: 12 or -1/3
    heading   TEXT NOT NULL,
    PRIMARY KEY (batch, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
    batch      INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    file_row   INTEGER NOT NULL,
    register   TEXT NOT NULL,
    record_key TEXT NOT NULL,               -- '' if the register has no key
    occurrence INTEGER NOT NULL,            -- tells equal records without a key apart; 0 with a key
    subject    TEXT NOT NULL,
    date       TEXT NOT NULL,
    times      INTEGER NOT NULL,
    fields     TEXT NOT NULL,               -- values by id as JSON
    corrects   INTEGER NOT NULL,            -- 1 if another version was live when this was written
    PRIMARY KEY (batch, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE judgements (
    batch     INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    file_row  INTEGER NOT NULL,
    subject   TEXT NOT NULL,
    period    TEXT NOT NULL,
    indicator TEXT NOT NULL,
    line      TEXT NOT NULL,                -- of the checklist
    answer    TEXT NOT NULL,
    reason    TEXT NOT NULL,
    evidence  TEXT NOT NULL,
    scorer    TEXT NOT NULL,
    reviewer  TEXT NOT NULL,
    heading   TEXT NOT NULL,
    PRIMARY KEY (batch, n)
) STRICT, WITHOUT ROWID;

-- The days that a delivery of a register covers.
CREATE TABLE coverage (
    batch     INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    register  TEXT NOT NULL,
    subject   TEXT NOT NULL,                -- '' covers every subject
    first_day TEXT NOT NULL,
    last_day  TEXT NOT NULL,
    PRIMARY KEY (batch, n)
) STRICT, WITHOUT ROWID;

-- Rows of earlier batches that a batch delivered again unchanged, as runs:
-- the rows first_n to last_n of of_batch, found in the file from first_row on.
CREATE TABLE confirmations (
    batch     INTEGER NOT NULL,
    of_batch  INTEGER NOT NULL,
    first_n   INTEGER NOT NULL,
    last_n    INTEGER NOT NULL,
    first_row INTEGER NOT NULL,
    PRIMARY KEY (batch, of_batch, first_n)
) STRICT, WITHOUT ROWID;

-- A snapshot is a set of batches, named by the hash of their ids.
CREATE TABLE snapshots (
    snapshot TEXT PRIMARY KEY,              -- S- and 12 hexadecimal digits
    at       TEXT NOT NULL
) STRICT;
CREATE TABLE snapshot_batches (
    snapshot TEXT NOT NULL REFERENCES snapshots (snapshot),
    batch    INTEGER NOT NULL REFERENCES batches (batch),
    PRIMARY KEY (snapshot, batch)
) STRICT, WITHOUT ROWID;

-- The files of the pack editions that runs were made with.
CREATE TABLE packs (
    hash    TEXT PRIMARY KEY,
    pack    TEXT NOT NULL,
    edition TEXT NOT NULL,
    at      TEXT NOT NULL
) STRICT;
CREATE TABLE pack_files (
    hash    TEXT NOT NULL REFERENCES packs (hash),
    file    TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (hash, file)
) STRICT;

-- One evaluation. A revision is never overwritten.
CREATE TABLE runs (
    run      INTEGER PRIMARY KEY,           -- 3 is shown as R-000003
    pack     TEXT NOT NULL,
    edition  TEXT NOT NULL,
    hash     TEXT NOT NULL REFERENCES packs (hash),
    period   TEXT NOT NULL,
    revision INTEGER NOT NULL,              -- 1, 2, … for each pack and period
    snapshot TEXT NOT NULL REFERENCES snapshots (snapshot),
    as_of    TEXT NOT NULL,
    status   TEXT NOT NULL,                 -- of the pack: draft, trial, in force
    digest   TEXT NOT NULL,                 -- SHA-256 of the canonical result
    frame    TEXT NOT NULL,                 -- the canonical result without its scorecards
    made_at  TEXT NOT NULL,
    made_by  TEXT NOT NULL,
    UNIQUE (pack, period, revision)
) STRICT;

CREATE TABLE scorecards (
    run        INTEGER NOT NULL,
    n          INTEGER NOT NULL,            -- place in the result
    excluded   INTEGER NOT NULL,            -- 1: takes no part
    subject    TEXT NOT NULL,
    peer_group TEXT NOT NULL,
    status     TEXT NOT NULL,
    total_e6   INTEGER,                     -- millionths, for sorting only; the exact total is in card
    rank       INTEGER NOT NULL,            -- 0 if not ranked
    card       TEXT NOT NULL,               -- canonical JSON with all lines
    PRIMARY KEY (run, n)
) STRICT;

-- What has begun and what became of it. A row that is open while its process is
-- gone is a write that was cut off.
CREATE TABLE operations (
    operation INTEGER PRIMARY KEY,
    action    TEXT NOT NULL,                -- load or run
    object    TEXT NOT NULL,
    actor     TEXT NOT NULL,
    host      TEXT NOT NULL,
    pid       INTEGER NOT NULL,
    started   TEXT NOT NULL,                -- when the process began, to tell a reused pid
    began_at  TEXT NOT NULL,
    state     TEXT NOT NULL,                -- open, finished, failed or abandoned
    ended_at  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX operations_open ON operations (operation) WHERE state = 'open';

CREATE TABLE audit (
    number  INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    actor   TEXT NOT NULL,
    via     TEXT NOT NULL,
    action  TEXT NOT NULL,
    object  TEXT NOT NULL,
    details TEXT NOT NULL                   -- JSON object of texts
) STRICT;
CREATE INDEX audit_object ON audit (object, number);

-- +goose StatementBegin
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd

-- +goose Up

-- The same tables as for SQLite. Only the types differ, and times and days
-- compare bytewise (COLLATE "C").

-- The last number given out, for each kind of id. Taking a number locks its row
-- until the transaction ends, so writers of one kind take turns.
CREATE TABLE counters (
    name text PRIMARY KEY,
    last bigint NOT NULL
);
INSERT INTO counters (name, last) VALUES ('batch', 0), ('run', 0), ('operation', 0), ('audit', 0);

-- One load. Its rows count because this row is there and has no undone_at.
CREATE TABLE batches (
    batch       bigint PRIMARY KEY,         -- 12 is shown as B-000012
    pack        text NOT NULL,
    target      text NOT NULL,              -- feed, register, subjects or judgements
    file        text NOT NULL,
    digest      text NOT NULL,              -- SHA-256 of the file
    content     text NOT NULL,              -- SHA-256 of the facts read from it
    encoding    text NOT NULL,
    file_rows   bigint NOT NULL,
    refused     bigint NOT NULL,            -- rows left out because they are bad
    added       bigint NOT NULL,
    updated     bigint NOT NULL,
    unchanged   bigint NOT NULL,
    at          text COLLATE "C" NOT NULL,  -- UTC; later for a larger batch
    actor       text NOT NULL,
    via         text NOT NULL,
    undone_at   text COLLATE "C" NOT NULL DEFAULT '', -- '' while live
    undone_by   text NOT NULL DEFAULT '',
    undo_reason text NOT NULL DEFAULT ''
);
CREATE INDEX batches_by_file ON batches (pack, target, digest);

-- The facts. (batch, n) names a row; n counts within the batch over all these
-- tables. They have no foreign keys: checking one for each row would double the
-- time of a load, and a row without its batch is never read.
CREATE TABLE subjects (
    batch      bigint NOT NULL,
    n          bigint NOT NULL,
    file_row   bigint NOT NULL,             -- line of the file; 0 if there is none
    code       text NOT NULL,
    name       text NOT NULL,
    short_name text NOT NULL,
    peer_group text NOT NULL,
    type       text NOT NULL,
    parent     text NOT NULL,
    opened     text NOT NULL,               -- 2025-07-20 or ''
    valid_from text NOT NULL,
    attributes text NOT NULL,               -- values by id as JSON; '' if there are none
    heading    text NOT NULL,               -- of the column it came from
    PRIMARY KEY (batch, n)
);

CREATE TABLE figures (
    batch     bigint NOT NULL,
    n         bigint NOT NULL,
    file_row  bigint NOT NULL,
    subject   text NOT NULL,
    statistic text NOT NULL,
    period    text NOT NULL,                -- 2025, 2025H1, 2025Q2 or 2025-06
    value     text NOT NULL,                -- exact, in base units: 12 or -1/3
    heading   text NOT NULL,
    PRIMARY KEY (batch, n)
);

CREATE TABLE records (
    batch      bigint NOT NULL,
    n          bigint NOT NULL,
    file_row   bigint NOT NULL,
    register   text NOT NULL,
    record_key text NOT NULL,               -- '' if the register has no key
    occurrence bigint NOT NULL,             -- tells equal records without a key apart; 0 with a key
    subject    text NOT NULL,
    date       text COLLATE "C" NOT NULL,
    times      bigint NOT NULL,
    fields     text NOT NULL,               -- values by id as JSON
    corrects   bigint NOT NULL,             -- 1 if another version was live when this was written
    PRIMARY KEY (batch, n)
);

CREATE TABLE judgements (
    batch     bigint NOT NULL,
    n         bigint NOT NULL,
    file_row  bigint NOT NULL,
    subject   text NOT NULL,
    period    text NOT NULL,
    indicator text NOT NULL,
    line      text NOT NULL,                -- of the checklist
    answer    text NOT NULL,
    reason    text NOT NULL,
    evidence  text NOT NULL,
    scorer    text NOT NULL,
    reviewer  text NOT NULL,
    heading   text NOT NULL,
    PRIMARY KEY (batch, n)
);

-- The days that a delivery of a register covers.
CREATE TABLE coverage (
    batch     bigint NOT NULL,
    n         bigint NOT NULL,
    register  text NOT NULL,
    subject   text NOT NULL,                -- '' covers every subject
    first_day text NOT NULL,
    last_day  text NOT NULL,
    PRIMARY KEY (batch, n)
);

-- Rows of earlier batches that a batch delivered again unchanged, as runs:
-- the rows first_n to last_n of of_batch, found in the file from first_row on.
CREATE TABLE confirmations (
    batch     bigint NOT NULL,
    of_batch  bigint NOT NULL,
    first_n   bigint NOT NULL,
    last_n    bigint NOT NULL,
    first_row bigint NOT NULL,
    PRIMARY KEY (batch, of_batch, first_n)
);

-- A snapshot is a set of batches, named by the hash of their ids.
CREATE TABLE snapshots (
    snapshot text PRIMARY KEY,              -- S- and 12 hexadecimal digits
    at       text COLLATE "C" NOT NULL
);
CREATE TABLE snapshot_batches (
    snapshot text NOT NULL REFERENCES snapshots (snapshot),
    batch    bigint NOT NULL REFERENCES batches (batch),
    PRIMARY KEY (snapshot, batch)
);

-- The files of the pack editions that runs were made with.
CREATE TABLE packs (
    hash    text PRIMARY KEY,
    pack    text NOT NULL,
    edition text NOT NULL,
    at      text COLLATE "C" NOT NULL
);
CREATE TABLE pack_files (
    hash    text NOT NULL REFERENCES packs (hash),
    file    text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (hash, file)
);

-- One evaluation. A revision is never overwritten.
CREATE TABLE runs (
    run      bigint PRIMARY KEY,            -- 3 is shown as R-000003
    pack     text NOT NULL,
    edition  text NOT NULL,
    hash     text NOT NULL REFERENCES packs (hash),
    period   text NOT NULL,
    revision bigint NOT NULL,               -- 1, 2, … for each pack and period
    snapshot text NOT NULL REFERENCES snapshots (snapshot),
    as_of    text NOT NULL,
    status   text NOT NULL,                 -- of the pack: draft, trial, in force
    digest   text NOT NULL,                 -- SHA-256 of the canonical result
    frame    text NOT NULL,                 -- the canonical result without its scorecards
    made_at  text NOT NULL,
    made_by  text NOT NULL,
    UNIQUE (pack, period, revision)
);

CREATE TABLE scorecards (
    run        bigint NOT NULL,
    n          bigint NOT NULL,             -- place in the result
    excluded   bigint NOT NULL,             -- 1: takes no part
    subject    text NOT NULL,
    peer_group text NOT NULL,
    status     text NOT NULL,
    total_e6   bigint,                      -- millionths, for sorting only; the exact total is in card
    rank       bigint NOT NULL,             -- 0 if not ranked
    card       text NOT NULL,               -- canonical JSON with all lines
    PRIMARY KEY (run, n)
);

-- What has begun and what became of it. A row that is open while its process is
-- gone is a write that was cut off.
CREATE TABLE operations (
    operation bigint PRIMARY KEY,
    action    text NOT NULL,                -- load or run
    object    text NOT NULL,
    actor     text NOT NULL,
    host      text NOT NULL,
    pid       bigint NOT NULL,
    started   text NOT NULL,                -- when the process began, to tell a reused pid
    began_at  text NOT NULL,
    state     text NOT NULL,                -- open, finished, failed or abandoned
    ended_at  text NOT NULL DEFAULT ''
);
CREATE INDEX operations_open ON operations (operation) WHERE state = 'open';

CREATE TABLE audit (
    number  bigint PRIMARY KEY,
    at      text COLLATE "C" NOT NULL,
    actor   text NOT NULL,
    via     text NOT NULL,
    action  text NOT NULL,
    object  text NOT NULL,
    details text NOT NULL                   -- JSON object of texts
);
CREATE INDEX audit_object ON audit (object, number);

-- +goose StatementBegin
CREATE FUNCTION refuse_to_change_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_audit();

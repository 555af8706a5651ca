-- +goose Up

-- One row for each job of the configuration that was ever seen. Whoever holds the
-- lease performs the job; the token grows with each holder.
CREATE TABLE jobs (
    job         TEXT PRIMARY KEY,
    since       TEXT NOT NULL,              -- UTC; what was due up to then is not made up for
    token       INTEGER NOT NULL DEFAULT 0,
    lease_until TEXT NOT NULL DEFAULT '',   -- '' if nobody performs it
    holder      TEXT NOT NULL DEFAULT '',
    host        TEXT NOT NULL DEFAULT '',
    pid         INTEGER NOT NULL DEFAULT 0,
    started     TEXT NOT NULL DEFAULT ''    -- when the process began, to tell a reused pid
) STRICT;

-- One piece of work that a job did, or is doing: at most one for each item.
CREATE TABLE job_runs (
    number    INTEGER PRIMARY KEY,
    job       TEXT NOT NULL,
    item      TEXT NOT NULL,                -- the period, or the planned time
    kind      TEXT NOT NULL,                -- ingest, count, run, report, notify
    slot      TEXT NOT NULL,                -- when it was planned
    period    TEXT NOT NULL DEFAULT '',
    as_of     TEXT NOT NULL DEFAULT '',     -- facts count up to then; the same for every attempt
    state     TEXT NOT NULL,                -- running, done, failed, interrupted
    late      INTEGER NOT NULL,             -- 1: began long after the slot
    missed    INTEGER NOT NULL,             -- earlier slots that this one makes up for
    attempt   INTEGER NOT NULL,
    token     INTEGER NOT NULL,             -- of the lease under which it was begun last
    host      TEXT NOT NULL,
    pid       INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    via       TEXT NOT NULL,
    began_at  TEXT NOT NULL,
    ended_at  TEXT NOT NULL DEFAULT '',
    next_try  TEXT NOT NULL DEFAULT '',     -- '' if it is not tried again
    result_zh TEXT NOT NULL DEFAULT '',
    result_en TEXT NOT NULL DEFAULT '',
    UNIQUE (job, item)
) STRICT;

-- What is to be told to somebody, once.
CREATE TABLE outbox (
    number    INTEGER PRIMARY KEY,
    event     TEXT NOT NULL,                -- what it is about: run R-000003, job run 12
    channel   TEXT NOT NULL,                -- webhook or mail
    recipient TEXT NOT NULL,
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL,
    made_at   TEXT NOT NULL,
    state     TEXT NOT NULL,                -- waiting, sent, failed
    attempts  INTEGER NOT NULL DEFAULT 0,
    next_try  TEXT NOT NULL,
    sent_at   TEXT NOT NULL DEFAULT '',
    error_zh  TEXT NOT NULL DEFAULT '',
    error_en  TEXT NOT NULL DEFAULT '',
    UNIQUE (event, channel, recipient)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (number) WHERE state = 'waiting';

INSERT INTO counters (name, last) VALUES ('job run', 0), ('outbox', 0);

-- +goose Up

-- The same tables as for SQLite; only the types differ.

-- One row for each job of the configuration that was ever seen. Whoever holds the
-- lease performs the job; the token grows with each holder.
CREATE TABLE jobs (
    job         text PRIMARY KEY,
    since       text COLLATE "C" NOT NULL,      -- UTC; what was due up to then is not made up for
    token       bigint NOT NULL DEFAULT 0,
    lease_until text COLLATE "C" NOT NULL DEFAULT '',-- '' if nobody performs it
    holder      text NOT NULL DEFAULT '',
    host        text NOT NULL DEFAULT '',
    pid         bigint NOT NULL DEFAULT 0,
    started     text NOT NULL DEFAULT ''        -- when the process began, to tell a reused pid
);

-- One piece of work that a job did, or is doing: at most one for each item.
CREATE TABLE job_runs (
    number    bigint PRIMARY KEY,
    job       text NOT NULL,
    item      text NOT NULL,                    -- the period, or the planned time
    kind      text NOT NULL,                    -- ingest, count, run, report, notify
    slot      text COLLATE "C" NOT NULL,        -- when it was planned
    period    text NOT NULL DEFAULT '',
    as_of     text COLLATE "C" NOT NULL DEFAULT '',-- facts count up to then; the same for every attempt
    state     text NOT NULL,                    -- running, done, failed, interrupted
    late      bigint NOT NULL,                  -- 1: began long after the slot
    missed    bigint NOT NULL,                  -- earlier slots that this one makes up for
    attempt   bigint NOT NULL,
    token     bigint NOT NULL,                  -- of the lease under which it was begun last
    host      text NOT NULL,
    pid       bigint NOT NULL,
    actor     text NOT NULL,
    via       text NOT NULL,
    began_at  text COLLATE "C" NOT NULL,
    ended_at  text COLLATE "C" NOT NULL DEFAULT '',
    next_try  text COLLATE "C" NOT NULL DEFAULT '',-- '' if it is not tried again
    result_zh text NOT NULL DEFAULT '',
    result_en text NOT NULL DEFAULT '',
    UNIQUE (job, item)
);

-- What is to be told to somebody, once.
CREATE TABLE outbox (
    number    bigint PRIMARY KEY,
    event     text NOT NULL,                    -- what it is about: run R-000003, job run 12
    channel   text NOT NULL,                    -- webhook or mail
    recipient text NOT NULL,
    subject   text NOT NULL,
    body      text NOT NULL,
    made_at   text COLLATE "C" NOT NULL,
    state     text NOT NULL,                    -- waiting, sent, failed
    attempts  bigint NOT NULL DEFAULT 0,
    next_try  text COLLATE "C" NOT NULL,
    sent_at   text COLLATE "C" NOT NULL DEFAULT '',
    error_zh  text NOT NULL DEFAULT '',
    error_en  text NOT NULL DEFAULT '',
    UNIQUE (event, channel, recipient)
);
CREATE INDEX outbox_waiting ON outbox (number) WHERE state = 'waiting';

INSERT INTO counters (name, last) VALUES ('job run', 0), ('outbox', 0);

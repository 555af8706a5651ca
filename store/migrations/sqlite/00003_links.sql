-- +goose Up

-- Links by which somebody without an account reads one result. The token itself is
-- not kept, only its hash.
CREATE TABLE links (
    number     INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,         -- SHA-256, hex
    run        TEXT NOT NULL,                -- R-000003: what is shown never changes
    pack       TEXT NOT NULL,
    period     TEXT NOT NULL,
    subject    TEXT NOT NULL DEFAULT '',     -- a scorecard; '' for a ranking
    peer_group TEXT NOT NULL DEFAULT '',     -- of a ranking; '' for all
    made_at    TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    expires    TEXT NOT NULL,
    revoked_at TEXT NOT NULL DEFAULT '',
    revoked_by TEXT NOT NULL DEFAULT ''
) STRICT;

INSERT INTO counters (name, last) VALUES ('link', 0);

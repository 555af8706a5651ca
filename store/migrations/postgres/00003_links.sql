-- +goose Up

-- Links by which somebody without an account reads one result. The token itself is
-- not kept, only its hash.
CREATE TABLE links (
    number     bigint PRIMARY KEY,
    token_hash text NOT NULL UNIQUE,         -- SHA-256, hex
    run        text NOT NULL,                -- R-000003: what is shown never changes
    pack       text NOT NULL,
    period     text NOT NULL,
    subject    text NOT NULL DEFAULT '',     -- a scorecard; '' for a ranking
    peer_group text NOT NULL DEFAULT '',     -- of a ranking; '' for all
    made_at    text COLLATE "C" NOT NULL,
    made_by    text NOT NULL,
    expires    text COLLATE "C" NOT NULL,
    revoked_at text COLLATE "C" NOT NULL DEFAULT '',
    revoked_by text NOT NULL DEFAULT ''
);

INSERT INTO counters (name, last) VALUES ('link', 0);

-- +goose Up

-- Who may log in. Nobody is ever deleted: the audit trail names them.
CREATE TABLE users (
    name        TEXT PRIMARY KEY,               -- lower case
    title       TEXT NOT NULL,                  -- how the person is called
    password    TEXT NOT NULL DEFAULT '',       -- argon2id with its parameters; '' if there is none
    grants      TEXT NOT NULL,                  -- JSON: roles, each with what it reaches
    external    TEXT NOT NULL DEFAULT '',       -- issuer and subject of OpenID Connect; '' for a local account
    made_at     TEXT NOT NULL,
    disabled_at TEXT NOT NULL DEFAULT ''        -- '' while the account is good
) STRICT;
CREATE UNIQUE INDEX users_external ON users (external) WHERE external <> '';

-- Who is logged in. Only hashes of what browsers hold are kept.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,                -- SHA-256, hex
    name       TEXT NOT NULL,
    address    TEXT NOT NULL,
    made_at    TEXT NOT NULL,
    seen_at    TEXT NOT NULL,
    expires    TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_name ON sessions (name);

-- One-time links by which somebody sets a password.
CREATE TABLE tickets (
    token_hash TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    expires    TEXT NOT NULL
) STRICT;

-- Tokens for programs.
CREATE TABLE api_tokens (
    number     INTEGER PRIMARY KEY,             -- 3 is shown as T-000003
    token_hash TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,                   -- whose it is
    purpose    TEXT NOT NULL,
    grants     TEXT NOT NULL,                   -- JSON; never more than the owner has
    made_at    TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    expires    TEXT NOT NULL,
    revoked_at TEXT NOT NULL DEFAULT ''
) STRICT;

-- Failed logins, by account and by address.
CREATE TABLE login_failures (
    origin  TEXT PRIMARY KEY,
    count   INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT;

INSERT INTO counters (name, last) VALUES ('token', 0);

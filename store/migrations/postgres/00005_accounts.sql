-- +goose Up

-- The same tables as for SQLite; only the types differ.

-- Who may log in. Nobody is ever deleted: the audit trail names them.
CREATE TABLE users (
    name        text PRIMARY KEY,               -- lower case
    title       text NOT NULL,                  -- how the person is called
    password    text NOT NULL DEFAULT '',       -- argon2id with its parameters; '' if there is none
    grants      text NOT NULL,                  -- JSON: roles, each with what it reaches
    external    text NOT NULL DEFAULT '',       -- issuer and subject of OpenID Connect; '' for a local account
    made_at     text COLLATE "C" NOT NULL,
    disabled_at text COLLATE "C" NOT NULL DEFAULT ''        -- '' while the account is good
);
CREATE UNIQUE INDEX users_external ON users (external) WHERE external <> '';

-- Who is logged in. Only hashes of what browsers hold are kept.
CREATE TABLE sessions (
    token_hash text PRIMARY KEY,                -- SHA-256, hex
    name       text NOT NULL,
    address    text NOT NULL,
    made_at    text COLLATE "C" NOT NULL,
    seen_at    text COLLATE "C" NOT NULL,
    expires    text COLLATE "C" NOT NULL
);
CREATE INDEX sessions_name ON sessions (name);

-- One-time links by which somebody sets a password.
CREATE TABLE tickets (
    token_hash text PRIMARY KEY,
    name       text NOT NULL,
    expires    text COLLATE "C" NOT NULL
);

-- Tokens for programs.
CREATE TABLE api_tokens (
    number     bigint PRIMARY KEY,             -- 3 is shown as T-000003
    token_hash text NOT NULL UNIQUE,
    name       text NOT NULL,                   -- whose it is
    purpose    text NOT NULL,
    grants     text NOT NULL,                   -- JSON; never more than the owner has
    made_at    text COLLATE "C" NOT NULL,
    made_by    text NOT NULL,
    expires    text COLLATE "C" NOT NULL,
    revoked_at text COLLATE "C" NOT NULL DEFAULT ''
);

-- Failed logins, by account and by address.
CREATE TABLE login_failures (
    origin  text PRIMARY KEY,
    count   bigint NOT NULL,
    last_at text COLLATE "C" NOT NULL
);

INSERT INTO counters (name, last) VALUES ('token', 0);

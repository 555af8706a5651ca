-- +goose Up

-- One hash for each entry of the audit trail, over the entry and the hash before
-- it. Entries from before this table get theirs when the store is first opened.
CREATE TABLE audit_chain (
    number INTEGER PRIMARY KEY,
    hash   TEXT NOT NULL                        -- SHA-256, hex
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_chain_is_never_changed BEFORE UPDATE ON audit_chain
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_chain_is_never_deleted BEFORE DELETE ON audit_chain
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- +goose StatementEnd

INSERT INTO counters (name, last) VALUES ('audit chain begun', 0);

-- +goose Up

-- The same table as for SQLite; only the types differ.

-- One hash for each entry of the audit trail, over the entry and the hash before
-- it. Entries from before this table get theirs when the store is first opened.
CREATE TABLE audit_chain (
    number bigint PRIMARY KEY,
    hash   text NOT NULL                        -- SHA-256, hex
);
CREATE TRIGGER audit_chain_is_never_changed BEFORE UPDATE OR DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_audit();
CREATE TRIGGER audit_chain_is_never_emptied BEFORE TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit();

INSERT INTO counters (name, last) VALUES ('audit chain begun', 0);

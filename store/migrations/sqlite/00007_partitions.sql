-- +goose Up

-- On PostgreSQL the registers are partitioned from here on. SQLite keeps its tables;
-- the number stays the same on both.
SELECT 1;

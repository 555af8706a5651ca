-- Run once on the coordinator, in the store's database, after the program has made
-- its tables (any command does) and before anything is loaded. Write the addresses of
-- the shards; every server, mapping and foreign table as often as there are shards,
-- and the MODULUS is their number.
CREATE EXTENSION IF NOT EXISTS postgres_fdw;

CREATE SERVER shard_0 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'HOST_0', dbname 'DATABASE_0', async_capable 'true', fetch_size '10000', batch_size '1000');
CREATE SERVER shard_1 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'HOST_1', dbname 'DATABASE_1', async_capable 'true', fetch_size '10000', batch_size '1000');
CREATE SERVER shard_2 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'HOST_2', dbname 'DATABASE_2', async_capable 'true', fetch_size '10000', batch_size '1000');

CREATE USER MAPPING FOR CURRENT_USER SERVER shard_0 OPTIONS (user 'kaoping', password 'PASSWORD');
CREATE USER MAPPING FOR CURRENT_USER SERVER shard_1 OPTIONS (user 'kaoping', password 'PASSWORD');
CREATE USER MAPPING FOR CURRENT_USER SERVER shard_2 OPTIONS (user 'kaoping', password 'PASSWORD');

-- The parts on this server make way; with records in them nothing happens.
DO $$
BEGIN
    IF EXISTS (SELECT FROM records) THEN
        RAISE EXCEPTION 'there are records in this store; back it up and restore it into an empty one that is spread over shards';
    END IF;
    DROP TABLE records_0, records_1, records_2, records_3;
END $$;
CREATE FOREIGN TABLE records_0 PARTITION OF records FOR VALUES WITH (MODULUS 3, REMAINDER 0) SERVER shard_0 OPTIONS (table_name 'records');
CREATE FOREIGN TABLE records_1 PARTITION OF records FOR VALUES WITH (MODULUS 3, REMAINDER 1) SERVER shard_1 OPTIONS (table_name 'records');
CREATE FOREIGN TABLE records_2 PARTITION OF records FOR VALUES WITH (MODULUS 3, REMAINDER 2) SERVER shard_2 OPTIONS (table_name 'records');

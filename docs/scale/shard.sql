-- Run on every shard, in an empty database of its own. The columns are those of the
-- program's table, in the same order.
CREATE TABLE records (
    batch      bigint NOT NULL,
    n          bigint NOT NULL,
    file_row   bigint NOT NULL,
    register   text NOT NULL,
    record_key text NOT NULL,
    occurrence bigint NOT NULL,
    subject    text NOT NULL,
    date       text COLLATE "C" NOT NULL,
    times      bigint NOT NULL,
    fields     text NOT NULL,
    corrects   bigint NOT NULL
) PARTITION BY RANGE (date);
CREATE INDEX records_place ON records (batch, n);

-- A part for each half-year, and one for the days before and after.
DO $$
BEGIN
    CREATE TABLE records_early PARTITION OF records FOR VALUES FROM (MINVALUE) TO ('2015-01-01');
    FOR year IN 2015..2034 LOOP
        EXECUTE format('CREATE TABLE records_%sh1 PARTITION OF records FOR VALUES FROM (''%s-01-01'') TO (''%s-07-01'')', year, year, year);
        EXECUTE format('CREATE TABLE records_%sh2 PARTITION OF records FOR VALUES FROM (''%s-07-01'') TO (''%s-01-01'')', year, year, year + 1);
    END LOOP;
    CREATE TABLE records_late PARTITION OF records FOR VALUES FROM ('2035-01-01') TO (MAXVALUE);
END $$;

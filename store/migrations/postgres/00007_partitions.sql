-- +goose Up

-- The records of the registers, with the same columns, in parts: first by the hash of
-- the subject, so that each part counts its subjects to the end by itself and can be
-- a server of its own; below that by half-year of the date, so that old ones can be
-- detached. Rows are only ever added and (batch, n) is given out under a lock, so no
-- key has to be unique over all parts. The parts of the half-years are made when the
-- first row of one comes: see records_room.
ALTER TABLE records RENAME TO records_before;

CREATE TABLE records (
    batch      bigint NOT NULL,
    n          bigint NOT NULL,
    file_row   bigint NOT NULL,
    register   text NOT NULL,
    record_key text NOT NULL,               -- '' if the register has no key
    occurrence bigint NOT NULL,             -- tells equal records without a key apart; 0 with a key
    subject    text NOT NULL,
    date       text COLLATE "C" NOT NULL,
    times      bigint NOT NULL,
    fields     text NOT NULL,               -- values by id as JSON
    corrects   bigint NOT NULL              -- 1 if another version was live when this was written
) PARTITION BY HASH (subject);
CREATE INDEX records_place ON records (batch, n);

CREATE TABLE records_0 PARTITION OF records FOR VALUES WITH (MODULUS 4, REMAINDER 0) PARTITION BY RANGE (date);
CREATE TABLE records_1 PARTITION OF records FOR VALUES WITH (MODULUS 4, REMAINDER 1) PARTITION BY RANGE (date);
CREATE TABLE records_2 PARTITION OF records FOR VALUES WITH (MODULUS 4, REMAINDER 2) PARTITION BY RANGE (date);
CREATE TABLE records_3 PARTITION OF records FOR VALUES WITH (MODULUS 4, REMAINDER 3) PARTITION BY RANGE (date);

-- Makes the parts for the half-year of a day wherever records are partitioned by
-- date. Attaching an empty table, unlike making it as a part, does not wait for
-- those who read. Parts that are on another server are that server's own.
-- +goose StatementBegin
CREATE FUNCTION records_room(day text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    suffix text;
    bounds text;
    parent record;
    part text;
BEGIN
    IF day COLLATE "C" < '1900-01-01' THEN
        suffix := 'early';
        bounds := 'FROM (MINVALUE) TO (''1900-01-01'')';
    ELSIF day COLLATE "C" >= '2200-01-01' THEN
        suffix := 'late';
        bounds := 'FROM (''2200-01-01'') TO (MAXVALUE)';
    ELSIF substr(day, 6, 2) < '07' THEN
        suffix := substr(day, 1, 4) || 'h1';
        bounds := format('FROM (%L) TO (%L)', substr(day, 1, 4) || '-01-01', substr(day, 1, 4) || '-07-01');
    ELSE
        suffix := substr(day, 1, 4) || 'h2';
        bounds := format('FROM (%L) TO (%L)', substr(day, 1, 4) || '-07-01', cast(substr(day, 1, 4) AS integer) + 1 || '-01-01');
    END IF;
    FOR parent IN
        SELECT n.nspname AS space, c.relname AS name
        FROM pg_partition_tree('records') t JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_partitioned_table p ON p.partrelid = c.oid
        WHERE p.partstrat = 'r'
    LOOP
        part := format('%I.%I', parent.space, parent.name || '_' || suffix);
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %s (LIKE %I.%I)', part, parent.space, parent.name);
            EXECUTE format('ALTER TABLE %I.%I ATTACH PARTITION %s FOR VALUES %s', parent.space, parent.name, part, bounds);
        END IF;
    END LOOP;
END $$;
-- +goose StatementEnd

SELECT records_room(day) FROM (SELECT min(date) AS day FROM records_before GROUP BY substr(date, 1, 4), substr(date, 6, 2) < '07') halves;
INSERT INTO records SELECT batch, n, file_row, register, record_key, occurrence, subject, date, times, fields, corrects FROM records_before ORDER BY batch, n;
DROP TABLE records_before;

-- +goose Up

-- The latest runs of a job, and what people are told of, among very many: a job of
-- every five minutes makes a hundred thousand rows a year.
CREATE INDEX job_runs_by_slot ON job_runs (job, slot, number);
CREATE INDEX job_runs_notable ON job_runs (began_at) WHERE state = 'failed' OR late = 1;

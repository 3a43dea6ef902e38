-- Counts that were left alone and jobs that failed are found by when that was, to
-- be deleted in time.
-- +goose Up
CREATE INDEX attempts_by_time ON attempts (failed_at);
CREATE INDEX jobs_failed ON jobs (due_at) WHERE status = 'failed';

-- +goose Down
DROP INDEX jobs_failed;
DROP INDEX attempts_by_time;

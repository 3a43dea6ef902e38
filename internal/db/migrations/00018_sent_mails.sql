-- Mails that were sent are found by when that was, to be deleted in time.
-- +goose Up
CREATE INDEX outbox_sent ON outbox (closed_at) WHERE status = 'sent';

-- +goose Down
DROP INDEX outbox_sent;

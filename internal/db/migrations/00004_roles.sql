-- +goose Up

-- A role that is deleted stays as a row: people who were removed point to it
-- until they are forgotten.
ALTER TABLE roles ADD COLUMN built_in BOOLEAN NOT NULL DEFAULT FALSE; -- it came with the account's preset
ALTER TABLE roles ADD COLUMN deleted_at BIGINT;
UPDATE roles SET built_in = TRUE;
CREATE INDEX invitations_by_role ON invitations (account_id, role_key) WHERE status = 'pending';

-- +goose Down
DROP INDEX invitations_by_role;
ALTER TABLE roles DROP COLUMN deleted_at;
ALTER TABLE roles DROP COLUMN built_in;

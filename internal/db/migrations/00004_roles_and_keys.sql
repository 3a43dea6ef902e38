-- +goose Up

-- A role that is deleted stays as a row: people who were removed point to it
-- until they are forgotten.
ALTER TABLE roles ADD COLUMN built_in BOOLEAN NOT NULL DEFAULT FALSE; -- it came with the account's preset
ALTER TABLE roles ADD COLUMN deleted_at BIGINT;
UPDATE roles SET built_in = TRUE;
CREATE INDEX invitations_by_role ON invitations (account_id, role_key) WHERE status = 'pending';

-- API keys: each is its maker's and may never do more than they may today.
CREATE TABLE api_keys (
    account_id   TEXT   NOT NULL,
    key_hash     BYTEA  NOT NULL, -- SHA-256 of the key
    key_id       TEXT   NOT NULL,
    member_id    TEXT   NOT NULL, -- the maker
    name         TEXT   NOT NULL,
    hint         TEXT   NOT NULL, -- the last characters, to tell keys apart
    permissions  TEXT   NOT NULL, -- JSON
    version      BIGINT NOT NULL DEFAULT 1,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at   BIGINT,          -- empty: it does not run out
    ended_at     BIGINT,
    departure_id TEXT,            -- the departure that ended it
    PRIMARY KEY (account_id, key_hash),
    UNIQUE (account_id, key_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id)
);
CREATE INDEX api_keys_of_member ON api_keys (account_id, member_id, ended_at);

ALTER TABLE operator_keys ADD COLUMN name TEXT NOT NULL DEFAULT 'first key';
ALTER TABLE operator_keys ADD COLUMN configured BOOLEAN NOT NULL DEFAULT FALSE; -- it counts while it is in the configuration, not because of this row
ALTER TABLE operator_keys ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE operator_keys ADD COLUMN last_used_at BIGINT;
ALTER TABLE operator_keys ADD COLUMN revoked_at BIGINT;
ALTER TABLE operator_keys ADD COLUMN revoked_by TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE operator_keys DROP COLUMN revoked_by;
ALTER TABLE operator_keys DROP COLUMN revoked_at;
ALTER TABLE operator_keys DROP COLUMN last_used_at;
ALTER TABLE operator_keys DROP COLUMN created_by;
ALTER TABLE operator_keys DROP COLUMN configured;
ALTER TABLE operator_keys DROP COLUMN name;
DROP TABLE api_keys;
DROP INDEX invitations_by_role;
ALTER TABLE roles DROP COLUMN deleted_at;
ALTER TABLE roles DROP COLUMN built_in;

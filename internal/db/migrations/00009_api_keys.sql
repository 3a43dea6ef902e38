-- +goose Up

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
    last_used_at BIGINT,          -- to the minute
    expires_at   BIGINT,          -- empty: it does not run out
    ended_at     BIGINT,
    departure_id TEXT,            -- the departure that ended it
    PRIMARY KEY (account_id, key_hash),
    UNIQUE (account_id, key_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id)
);
CREATE INDEX api_keys_of_member ON api_keys (account_id, member_id, ended_at);

-- +goose Down
DROP TABLE api_keys;

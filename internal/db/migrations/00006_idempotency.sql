-- +goose Up

-- What was done under an Idempotency-Key, for as long as the key counts. It
-- holds neither the key nor what was sent, only what tells them again, and of
-- the answer nothing but what finds its objects.
CREATE TABLE idempotency_keys (
    account_id  TEXT   NOT NULL, -- empty where the request names none
    caller      TEXT   NOT NULL,
    key_hash    BYTEA  NOT NULL, -- SHA-256
    step        BIGINT NOT NULL, -- of a command that commits in several
    fingerprint BYTEA  NOT NULL, -- HMAC-SHA-256 of what was asked for
    kept        TEXT   NOT NULL, -- JSON: what the answer is made of again
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (account_id, caller, key_hash, step)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- +goose Down
DROP TABLE idempotency_keys;

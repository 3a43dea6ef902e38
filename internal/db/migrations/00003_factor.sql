-- +goose Up

-- The second factor of a user: time-based codes (RFC 6238). A row is never
-- deleted while there is the user, so that a rotation is never given twice.
CREATE TABLE factors (
    user_id       TEXT   NOT NULL PRIMARY KEY,
    seed          BYTEA  NOT NULL,           -- sealed; empty when there is none
    since         BIGINT,                    -- empty: not confirmed yet, or removed
    step          BIGINT NOT NULL DEFAULT 0, -- the last step of time whose code was accepted
    reset_account TEXT   NOT NULL DEFAULT '', -- whose administrator opened the reset
    reset_till    BIGINT,                    -- empty: no reset is open
    code_rotation BIGINT NOT NULL DEFAULT 0, -- of the mailed code
    code_expires  BIGINT,
    code_tries    BIGINT NOT NULL DEFAULT 0
);

-- Codes for who has lost the device; one that was used is gone.
CREATE TABLE recovery_codes (
    user_id   TEXT  NOT NULL,
    code_hash BYTEA NOT NULL, -- SHA-256
    PRIMARY KEY (user_id, code_hash)
);

-- Sign-ins that wait for the second factor.
CREATE TABLE challenges (
    challenge_hash BYTEA  NOT NULL PRIMARY KEY, -- SHA-256 of the token
    user_id        TEXT   NOT NULL,
    user_epoch     BIGINT NOT NULL, -- the user's epoch it was made at; a higher one ends it
    account_id     TEXT   NOT NULL, -- the place it leads to
    member_id      TEXT   NOT NULL, -- empty: the place is still to be taken, as the errand says
    errand         TEXT   NOT NULL, -- JSON
    expires_at     BIGINT NOT NULL,
    used_at        BIGINT
);
CREATE INDEX challenges_of_user ON challenges (user_id, account_id);
CREATE INDEX challenges_by_end ON challenges (expires_at);

-- Whether the password is long enough to be the only factor.
ALTER TABLE users ADD COLUMN password_alone BOOLEAN NOT NULL DEFAULT TRUE;

-- When the person last proved who they are.
ALTER TABLE sessions ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
UPDATE sessions SET proved_at = created_at;

-- +goose Down
ALTER TABLE sessions DROP COLUMN proved_at;
ALTER TABLE users DROP COLUMN password_alone;
DROP TABLE challenges;
DROP TABLE recovery_codes;
DROP TABLE factors;

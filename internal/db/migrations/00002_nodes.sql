-- +goose Up

-- The servers that share this store. One that has not beaten for long is
-- deleted by another.
CREATE TABLE nodes (
    node_id TEXT   NOT NULL PRIMARY KEY,
    beat    BIGINT NOT NULL
);

-- What each of them has to forget. A node deletes a row when it has; whoever
-- wrote it waits for that.
CREATE TABLE revocations (
    node_id       TEXT NOT NULL,
    revocation_id TEXT NOT NULL,
    subject       TEXT NOT NULL, -- an account, a member or a user; "*" is everybody
    PRIMARY KEY (node_id, revocation_id, subject)
);
CREATE INDEX revocations_by_id ON revocations (revocation_id);

-- +goose Down
DROP TABLE revocations;
DROP TABLE nodes;

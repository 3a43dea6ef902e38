-- +goose Up

-- Several keys, each with a name, which begin and end by themselves.
ALTER TABLE operator_keys ADD COLUMN name TEXT NOT NULL DEFAULT 'First key';
ALTER TABLE operator_keys ADD COLUMN hint TEXT NOT NULL DEFAULT ''; -- the last characters, to tell keys apart
ALTER TABLE operator_keys ADD COLUMN by_kind TEXT NOT NULL DEFAULT 'system'; -- who added it
ALTER TABLE operator_keys ADD COLUMN by_id TEXT NOT NULL DEFAULT 'system';
ALTER TABLE operator_keys ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE operator_keys ADD COLUMN last_used_at BIGINT; -- to the minute
ALTER TABLE operator_keys ADD COLUMN expires_at BIGINT; -- empty: it does not run out
ALTER TABLE operator_keys ADD COLUMN ended_at BIGINT;

-- The operator's own trail stands among those of users, under an identifier that
-- no user has. Its head is there from the beginning, so that it is missed when
-- somebody takes it away.
INSERT INTO user_heads (user_id, seq, head, at) VALUES ('operator', 0, '', 0);

-- +goose Down
DELETE FROM user_events WHERE user_id = 'operator';
DELETE FROM user_heads WHERE user_id = 'operator';
ALTER TABLE operator_keys DROP COLUMN ended_at;
ALTER TABLE operator_keys DROP COLUMN expires_at;
ALTER TABLE operator_keys DROP COLUMN last_used_at;
ALTER TABLE operator_keys DROP COLUMN version;
ALTER TABLE operator_keys DROP COLUMN by_id;
ALTER TABLE operator_keys DROP COLUMN by_kind;
ALTER TABLE operator_keys DROP COLUMN hint;
ALTER TABLE operator_keys DROP COLUMN name;

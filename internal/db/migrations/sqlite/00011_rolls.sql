-- +goose Up

-- The place in the account's trail at which name, address or status of a member
-- changed last; 0: before there were marks. Who is marked since a roll was read
-- is read by this index.
ALTER TABLE members ADD COLUMN marked BIGINT NOT NULL DEFAULT 0;
CREATE INDEX members_marked ON members (account_id, marked) WHERE marked > 0;

-- A text is looked for in the rolls.
DROP INDEX members_search;
DROP TRIGGER search_gone;
DROP TRIGGER search_changed;
DROP TRIGGER search_added;
DROP TABLE search_due;
DROP TABLE search_rows;
DROP TABLE search_text;

-- +goose Down
DROP INDEX members_marked;
ALTER TABLE members DROP COLUMN marked;

-- +goose Up

-- The place in the account's trail at which name, address or status of a member
-- changed last; 0: before there were marks. Who is marked since a roll was read
-- is read by this index.
ALTER TABLE members ADD COLUMN marked BIGINT NOT NULL DEFAULT 0;
CREATE INDEX members_marked ON members (account_id, marked) WHERE marked > 0;

-- A text is looked for in the rolls.
DROP INDEX members_search;
DROP INDEX members_words;
DROP FUNCTION search_words;

-- +goose Down
DROP INDEX members_marked;
ALTER TABLE members DROP COLUMN marked;

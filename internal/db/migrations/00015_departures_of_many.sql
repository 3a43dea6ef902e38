-- Departures of many members, and departures at a time.
-- +goose Up
ALTER TABLE departures ADD COLUMN due_at BIGINT; -- when it is to be applied, if that was asked for

ALTER TABLE departure_members ADD COLUMN place BIGINT NOT NULL DEFAULT 0; -- in the order they were given
ALTER TABLE departure_members ADD COLUMN verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'applied', 'blocked', 'settling', 'failed')); -- empty: not yet
ALTER TABLE departure_members ADD COLUMN code TEXT NOT NULL DEFAULT ''; -- why it was not applied
ALTER TABLE departure_members ADD COLUMN outcome TEXT NOT NULL DEFAULT ''; -- JSON: the member's part of a receipt that is still being made

-- +goose Down
ALTER TABLE departure_members DROP COLUMN outcome;
ALTER TABLE departure_members DROP COLUMN code;
ALTER TABLE departure_members DROP COLUMN verdict;
ALTER TABLE departure_members DROP COLUMN place;
ALTER TABLE departures DROP COLUMN due_at;

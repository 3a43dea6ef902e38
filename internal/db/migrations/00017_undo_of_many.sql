-- What undoing came to, member by member.
-- +goose Up
ALTER TABLE departure_members ADD COLUMN back TEXT NOT NULL DEFAULT '' CHECK (back IN ('', 'returned', 'stays')); -- once it is undone, of who had left; empty: not yet
ALTER TABLE departure_members ADD COLUMN back_code TEXT NOT NULL DEFAULT ''; -- why they did not come back
ALTER TABLE departure_members ADD COLUMN restored TEXT NOT NULL DEFAULT ''; -- JSON: effects: what came back with them, and what was skipped

UPDATE departure_members SET back = 'returned' WHERE EXISTS (SELECT 1 FROM departures d
    WHERE d.account_id = departure_members.account_id AND d.departure_id = departure_members.departure_id AND d.state = 'undone');

-- +goose Down
ALTER TABLE departure_members DROP COLUMN restored;
ALTER TABLE departure_members DROP COLUMN back_code;
ALTER TABLE departure_members DROP COLUMN back;

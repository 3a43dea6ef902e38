-- +goose Up

-- Who was never seen sorts first: 0 and not NULL, which the engines sort
-- differently and which no range over an index reaches.
UPDATE members SET last_seen_at = 0 WHERE last_seen_at IS NULL;

-- Names and addresses in the order of names, to look for a text in: the query
-- reads this index alone.
CREATE INDEX members_search ON members (account_id, name_key, member_id, search_key, status);

-- The members of one role in the order of names.
DROP INDEX members_by_role;
CREATE INDEX members_by_role ON members (account_id, role_key, status, name_key, member_id);

-- +goose Down
DROP INDEX members_by_role;
CREATE INDEX members_by_role ON members (account_id, role_key, status);
DROP INDEX members_search;

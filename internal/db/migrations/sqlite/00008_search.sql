-- +goose Up

-- Where a text is looked for in the names and addresses of members: every three
-- characters that follow one another, as a word of the account. The store
-- writes it (search.go), once for all that one commit changes.
CREATE VIRTUAL TABLE search_text USING fts5 (grams, content = '', contentless_delete = 1, tokenize = 'ascii');

-- Whose words they are, in the order of names.
CREATE TABLE search_rows (
    number     INTEGER NOT NULL PRIMARY KEY, -- the row of search_text
    account_id TEXT    NOT NULL,
    member_id  TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    UNIQUE (account_id, member_id)
);

-- Who is to be written anew before the commit, or was changed by another
-- program since.
CREATE TABLE search_due (
    account_id TEXT NOT NULL,
    member_id  TEXT NOT NULL,
    PRIMARY KEY (account_id, member_id)
) WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER search_added AFTER INSERT ON members BEGIN
    INSERT INTO search_due (account_id, member_id) SELECT new.account_id, new.member_id
    WHERE NOT EXISTS (SELECT 1 FROM search_due WHERE account_id = new.account_id AND member_id = new.member_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_changed AFTER UPDATE OF name_key, search_key, status ON members
WHEN new.name_key <> old.name_key OR new.search_key <> old.search_key OR new.status <> old.status BEGIN
    INSERT INTO search_due (account_id, member_id) SELECT new.account_id, new.member_id
    WHERE NOT EXISTS (SELECT 1 FROM search_due WHERE account_id = new.account_id AND member_id = new.member_id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_gone AFTER DELETE ON members BEGIN
    INSERT INTO search_due (account_id, member_id) SELECT old.account_id, old.member_id
    WHERE NOT EXISTS (SELECT 1 FROM search_due WHERE account_id = old.account_id AND member_id = old.member_id);
END;
-- +goose StatementEnd
INSERT INTO search_due (account_id, member_id) SELECT account_id, member_id FROM members;

-- +goose Down
DROP TRIGGER search_gone;
DROP TRIGGER search_changed;
DROP TRIGGER search_added;
DROP TABLE search_due;
DROP TABLE search_rows;
DROP TABLE search_text;

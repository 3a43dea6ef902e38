-- The installation keeps nothing about itself in the database: the table never
-- had a reader.
-- +goose Up
DROP TABLE settings;

-- +goose Down
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

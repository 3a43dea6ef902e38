-- +goose Up

-- Every three characters that follow one another in a key, and the two and the
-- one at its end, as words of the account. search.go makes the same words of the
-- text that is looked for.
-- +goose StatementBegin
CREATE FUNCTION search_words(account TEXT, key TEXT) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    shard TEXT := left(md5(account), 8);
    words TEXT[] := '{}';
BEGIN
    FOR n IN 1..length(key) LOOP
        words[n] := shard || substr(key, n, 3);
    END LOOP;
    RETURN array_to_tsvector(words);
END
$$;
-- +goose StatementEnd

-- Without a list of what is still to be filed, which every query would read.
CREATE INDEX members_words ON members USING gin (search_words(account_id, search_key)) WITH (fastupdate = off);

-- +goose Down
DROP INDEX members_words;
DROP FUNCTION search_words;

-- +goose Up

-- Wallets of credits. What is bought comes out of the wallet "purchased", whose
-- balance is therefore below 0: the balances of an account add up to 0. No sum
-- of them leaves 64 bits, which SQLite would turn into a floating-point number.
CREATE TABLE wallets (
    account_id TEXT    NOT NULL REFERENCES accounts (account_id),
    wallet     TEXT    NOT NULL, -- purchased, company, spent, or the id of a member
    member_id  TEXT,
    balance    BIGINT  NOT NULL,
    used       BIGINT  NOT NULL DEFAULT 0, -- what its member has ever spent
    erased     BOOLEAN NOT NULL DEFAULT FALSE, -- its member was deleted
    PRIMARY KEY (account_id, wallet),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id),
    CHECK ((member_id IS NULL) = (wallet IN ('purchased', 'company', 'spent'))),
    CHECK (member_id IS NULL OR member_id = wallet),
    CHECK (CASE wallet WHEN 'purchased' THEN balance BETWEEN -1000000000000000 AND 0 ELSE balance BETWEEN 0 AND 1000000000000000 END),
    CHECK (used BETWEEN 0 AND 1000000000000000),
    CHECK (NOT erased OR (balance = 0 AND used = 0))
);

-- The ledger. A row is a transaction with both of its sides, so that it adds up
-- to 0 however it is written. Rows are added and never changed.
CREATE TABLE credit_transactions (
    account_id     TEXT   NOT NULL,
    seq            BIGINT NOT NULL, -- of the event that tells of it
    transaction_id TEXT   NOT NULL,
    kind           TEXT   NOT NULL CHECK (kind IN ('purchase', 'transfer', 'download', 'departure', 'return')),
    from_wallet    TEXT   NOT NULL,
    to_wallet      TEXT   NOT NULL,
    amount         BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 1000000000000000),
    from_balance   BIGINT NOT NULL, -- afterwards
    to_balance     BIGINT NOT NULL, -- afterwards
    record_id      TEXT,            -- that was downloaded
    departure_id   TEXT,            -- that moved them, or that was undone
    note           TEXT   NOT NULL DEFAULT '',
    by_kind        TEXT   NOT NULL,
    by_id          TEXT   NOT NULL,
    at             BIGINT NOT NULL,
    PRIMARY KEY (account_id, seq),
    UNIQUE (account_id, transaction_id),
    FOREIGN KEY (account_id, from_wallet) REFERENCES wallets (account_id, wallet),
    FOREIGN KEY (account_id, to_wallet) REFERENCES wallets (account_id, wallet),
    CHECK (from_wallet <> to_wallet),
    CHECK ((kind = 'purchase') = (from_wallet = 'purchased') AND (kind <> 'purchase' OR to_wallet = 'company')),
    CHECK ((kind = 'download') = (to_wallet = 'spent') AND (kind = 'download') = (record_id IS NOT NULL)),
    CHECK (from_wallet <> 'spent' AND to_wallet <> 'purchased')
);
CREATE INDEX credit_transactions_from ON credit_transactions (account_id, from_wallet, seq);
CREATE INDEX credit_transactions_to ON credit_transactions (account_id, to_wallet, seq);
CREATE UNIQUE INDEX credit_transactions_record ON credit_transactions (account_id, record_id) WHERE record_id IS NOT NULL; -- paid once
CREATE INDEX credit_transactions_departure ON credit_transactions (account_id, departure_id) WHERE departure_id IS NOT NULL;

-- What a download costs in an account unless the record says otherwise.
CREATE TABLE credit_prices (
    account_id TEXT   NOT NULL PRIMARY KEY REFERENCES accounts (account_id),
    price      BIGINT NOT NULL CHECK (price BETWEEN 0 AND 1000000000000000),
    version    BIGINT NOT NULL DEFAULT 1
);

-- Records that have a price of their own or that somebody has downloaded.
CREATE TABLE records (
    account_id TEXT     NOT NULL REFERENCES accounts (account_id),
    record_id  SORTTEXT NOT NULL, -- as the host app calls it
    price      BIGINT   CHECK (price BETWEEN 0 AND 1000000000000000), -- empty: that of the account
    member_id  TEXT,              -- who downloaded it first; empty: it is masked
    charged    BIGINT   NOT NULL DEFAULT 0,
    opened_at  BIGINT,
    version    BIGINT   NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, record_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id),
    CHECK ((member_id IS NULL) = (opened_at IS NULL))
);
CREATE INDEX records_open ON records (account_id, record_id) WHERE opened_at IS NOT NULL;

-- Who downloaded what, each record once for each of them.
CREATE TABLE downloads (
    account_id TEXT   NOT NULL,
    seq        BIGINT NOT NULL, -- of the event that tells of it
    record_id  SORTTEXT NOT NULL,
    member_id  TEXT   NOT NULL,
    charged    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (account_id, seq),
    UNIQUE (account_id, record_id, member_id),
    FOREIGN KEY (account_id, record_id) REFERENCES records (account_id, record_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id)
);
CREATE INDEX downloads_of_member ON downloads (account_id, member_id, seq);

-- +goose Down
DROP TABLE downloads;
DROP TABLE records;
DROP TABLE credit_prices;
DROP TABLE credit_transactions;
DROP TABLE wallets;

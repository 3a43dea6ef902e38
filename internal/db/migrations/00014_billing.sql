-- +goose Up

-- What an account pays for its seats: the terms as they were last given, and the
-- period that runs now with the price it began at or was given since.
CREATE TABLE billing_plans (
    account_id   TEXT   NOT NULL PRIMARY KEY REFERENCES accounts (account_id),
    price        BIGINT NOT NULL CHECK (price BETWEEN 0 AND 100000000000), -- minor units, for one seat and one period
    currency     TEXT   NOT NULL,
    unit         TEXT   NOT NULL CHECK (unit IN ('month', 'year')),
    anchor       TEXT   NOT NULL, -- a day of the month, or a date
    seat_limit   BIGINT CHECK (seat_limit BETWEEN 0 AND 1000000),
    period_unit  TEXT   NOT NULL CHECK (period_unit IN ('month', 'year')),
    period_price BIGINT NOT NULL CHECK (period_price BETWEEN 0 AND 100000000000),
    period_start BIGINT NOT NULL,
    period_end   BIGINT NOT NULL,
    billed_from  BIGINT NOT NULL, -- later than the start where billing began in the middle
    version      BIGINT NOT NULL DEFAULT 1,
    CHECK (period_start < period_end AND billed_from BETWEEN period_start AND period_end)
);

CREATE TABLE invoices (
    account_id TEXT   NOT NULL,
    invoice_id TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    starts_at  BIGINT NOT NULL, -- of the period it is for
    ends_at    BIGINT NOT NULL,
    currency   TEXT   NOT NULL,
    total      BIGINT NOT NULL CHECK (total BETWEEN 0 AND 1000000000000000000),
    carried    BIGINT NOT NULL CHECK (carried BETWEEN 0 AND 1000000000000000000), -- what is left of credits, for the next one
    issued_at  BIGINT NOT NULL,
    PRIMARY KEY (account_id, invoice_id),
    UNIQUE (account_id, number),
    UNIQUE (account_id, starts_at),
    FOREIGN KEY (account_id) REFERENCES billing_plans (account_id),
    CHECK (starts_at < ends_at AND (total = 0 OR carried = 0))
);

CREATE TABLE billing_lines (
    account_id   TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN ('seat', 'seat_charge', 'seat_credit', 'price_change', 'balance')),
    member_id    TEXT,
    amount       BIGINT NOT NULL CHECK (amount BETWEEN -1000000000000000000 AND 1000000000000000000),
    currency     TEXT   NOT NULL,
    price        BIGINT NOT NULL,
    price_before BIGINT NOT NULL, -- of a change of price
    part         BIGINT NOT NULL, -- seconds of the period that it is for
    whole        BIGINT NOT NULL, -- seconds of the period
    at           BIGINT NOT NULL,
    departure_id TEXT,            -- the departure that ended the seat
    invoice_id   TEXT,            -- empty until it is invoiced
    PRIMARY KEY (account_id, seq),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id),
    FOREIGN KEY (account_id, invoice_id) REFERENCES invoices (account_id, invoice_id),
    CHECK (part BETWEEN 0 AND whole)
);
CREATE INDEX billing_lines_of ON billing_lines (account_id, invoice_id, seq);
CREATE INDEX billing_lines_departed ON billing_lines (account_id, departure_id) WHERE departure_id IS NOT NULL;

-- Who pays, and where: what stands on an invoice, and never a card.
CREATE TABLE payers (
    account_id TEXT   NOT NULL PRIMARY KEY REFERENCES accounts (account_id),
    details    TEXT   NOT NULL, -- JSON
    version    BIGINT NOT NULL DEFAULT 1
);

-- The time for which a member has taken a seat, never overlapping.
CREATE TABLE seats (
    account_id   TEXT   NOT NULL,
    member_id    TEXT   NOT NULL,
    number       BIGINT NOT NULL, -- of the member's seats
    began_at     BIGINT NOT NULL,
    ended_at     BIGINT,
    PRIMARY KEY (account_id, member_id, number),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id),
    CHECK (ended_at IS NULL OR ended_at >= began_at)
);
CREATE UNIQUE INDEX seats_taken ON seats (account_id, member_id) WHERE ended_at IS NULL;
CREATE INDEX seats_ended ON seats (account_id, ended_at);

-- +goose Up

-- Things of the host product that people own or work on. What they are about is
-- not kept here, only who holds them.
CREATE TABLE resource_types (
    account_id TEXT     NOT NULL REFERENCES accounts (account_id),
    type_key   SORTTEXT NOT NULL,
    name       TEXT     NOT NULL,
    on_leave   TEXT     NOT NULL CHECK (on_leave IN ('ask', 'leave')),
    words      TEXT     NOT NULL, -- JSON, for screens
    version    BIGINT   NOT NULL DEFAULT 1,
    created_at BIGINT   NOT NULL,
    PRIMARY KEY (account_id, type_key)
);

CREATE TABLE resources (
    account_id     TEXT     NOT NULL,
    type_key       SORTTEXT NOT NULL,
    external_id    SORTTEXT NOT NULL, -- what the host product calls it
    name           TEXT     NOT NULL,
    sub_account_id TEXT,
    version        BIGINT   NOT NULL DEFAULT 1, -- raised by every change, also of who holds it
    created_at     BIGINT   NOT NULL,
    PRIMARY KEY (account_id, type_key, external_id),
    FOREIGN KEY (account_id, type_key) REFERENCES resource_types (account_id, type_key),
    FOREIGN KEY (account_id, sub_account_id) REFERENCES sub_accounts (account_id, sub_account_id)
);
CREATE INDEX resources_by_sub ON resources (account_id, sub_account_id) WHERE sub_account_id IS NOT NULL;

-- Who owned what, and when. An interval is never overwritten: it ends, and the
-- next one begins.
CREATE TABLE resource_owners (
    account_id    TEXT     NOT NULL,
    type_key      SORTTEXT NOT NULL,
    external_id   SORTTEXT NOT NULL,
    since_version BIGINT   NOT NULL, -- the version of the resource that it began with
    member_id     TEXT     NOT NULL,
    since         BIGINT   NOT NULL,
    until         BIGINT,            -- empty: owns it now
    begun_by      TEXT,              -- the departure that handed it to them
    ended_by      TEXT,              -- the departure that took it from them
    passed_to     TEXT,              -- to whom that departure handed it; empty: to nobody
    PRIMARY KEY (account_id, type_key, external_id, since_version),
    FOREIGN KEY (account_id, type_key, external_id) REFERENCES resources (account_id, type_key, external_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id),
    CHECK (until IS NULL OR until >= since),
    CHECK (until IS NOT NULL OR ended_by IS NULL),
    CHECK (ended_by IS NOT NULL OR passed_to IS NULL)
);
CREATE UNIQUE INDEX resource_owners_now ON resource_owners (account_id, type_key, external_id) WHERE until IS NULL;
CREATE INDEX resource_owners_of_member ON resource_owners (account_id, member_id, type_key, external_id) WHERE until IS NULL;
CREATE INDEX resource_owners_ended_by ON resource_owners (account_id, ended_by, member_id) WHERE ended_by IS NOT NULL;

CREATE TABLE resource_assignments (
    account_id    TEXT     NOT NULL,
    type_key      SORTTEXT NOT NULL,
    external_id   SORTTEXT NOT NULL,
    since_version BIGINT   NOT NULL,
    member_id     TEXT     NOT NULL,
    single        BOOLEAN  NOT NULL, -- of somebody whose role reaches one single thing
    since         BIGINT   NOT NULL,
    until         BIGINT,            -- empty: assigned now
    ended_by      TEXT,              -- the departure that ended it
    PRIMARY KEY (account_id, type_key, external_id, since_version),
    FOREIGN KEY (account_id, type_key, external_id) REFERENCES resources (account_id, type_key, external_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id),
    CHECK (until IS NULL OR until >= since),
    CHECK (until IS NOT NULL OR ended_by IS NULL)
);
CREATE UNIQUE INDEX resource_assignments_now ON resource_assignments (account_id, type_key, external_id, member_id) WHERE until IS NULL;
CREATE UNIQUE INDEX resource_assignments_single ON resource_assignments (account_id, member_id) WHERE until IS NULL AND single;
CREATE INDEX resource_assignments_of_member ON resource_assignments (account_id, member_id, type_key, external_id) WHERE until IS NULL;
CREATE INDEX resource_assignments_ended_by ON resource_assignments (account_id, ended_by, member_id) WHERE ended_by IS NOT NULL;

-- What happened to a resource, as the host product tells it: visits, calls.
CREATE TABLE resource_activities (
    account_id  TEXT     NOT NULL,
    type_key    SORTTEXT NOT NULL,
    external_id SORTTEXT NOT NULL,
    activity_id TEXT     NOT NULL,
    kind        TEXT     NOT NULL,
    member_id   TEXT,              -- by whom; empty: by nobody who is a member
    note        TEXT     NOT NULL,
    at          BIGINT   NOT NULL,
    created_at  BIGINT   NOT NULL,
    PRIMARY KEY (account_id, type_key, external_id, activity_id),
    FOREIGN KEY (account_id, type_key, external_id) REFERENCES resources (account_id, type_key, external_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id)
);
CREATE INDEX resource_activities_by_time ON resource_activities (account_id, type_key, external_id, at, activity_id);

-- +goose Down
DROP TABLE resource_activities;
DROP TABLE resource_assignments;
DROP TABLE resource_owners;
DROP TABLE resources;
DROP TABLE resource_types;

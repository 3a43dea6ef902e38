-- +goose Up

-- The head of an account is its lock, its clock and the end of its trail.
CREATE TABLE heads (
    account_id TEXT   NOT NULL PRIMARY KEY,
    seq        BIGINT NOT NULL,
    head       BYTEA  NOT NULL,
    at         BIGINT NOT NULL
);

CREATE TABLE events (
    account_id   TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    event_id     TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    action       SORTTEXT NOT NULL,
    actor_kind   TEXT   NOT NULL,
    actor_id     TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject_id   TEXT   NOT NULL,
    changes      TEXT   NOT NULL, -- JSON; personal values stand as digests
    personal     TEXT,            -- JSON; salts and personal values, emptied by an erasure
    request_id   TEXT   NOT NULL,
    hash         BYTEA  NOT NULL,
    prev         BYTEA  NOT NULL,
    PRIMARY KEY (account_id, seq)
);
CREATE INDEX events_subject ON events (account_id, subject_id, seq);
CREATE INDEX events_actor ON events (account_id, actor_id, seq);
CREATE INDEX events_action ON events (account_id, action, seq);

-- The same for a user, whose address, password and factors belong to no account.
CREATE TABLE user_heads (
    user_id TEXT   NOT NULL PRIMARY KEY,
    seq     BIGINT NOT NULL,
    head    BYTEA  NOT NULL,
    at      BIGINT NOT NULL
);

CREATE TABLE user_events (
    user_id      TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    event_id     TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    action       SORTTEXT NOT NULL,
    actor_kind   TEXT   NOT NULL,
    actor_id     TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject_id   TEXT   NOT NULL,
    changes      TEXT   NOT NULL,
    personal     TEXT,
    request_id   TEXT   NOT NULL,
    hash         BYTEA  NOT NULL,
    prev         BYTEA  NOT NULL,
    PRIMARY KEY (user_id, seq)
);

CREATE TABLE accounts (
    account_id TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    preset     TEXT   NOT NULL,
    policy     TEXT   NOT NULL, -- JSON
    logo       TEXT   NOT NULL DEFAULT '',
    accent     TEXT   NOT NULL DEFAULT '',
    epoch      BIGINT NOT NULL DEFAULT 1, -- raised by policy, roles, modules, sub-accounts
    version    BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);

CREATE TABLE modules (
    account_id TEXT    NOT NULL REFERENCES accounts (account_id),
    module_id  TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    admin_only BOOLEAN NOT NULL,
    position   BIGINT  NOT NULL,
    version    BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, module_id),
    UNIQUE (account_id, key)
);

CREATE TABLE sub_accounts (
    account_id     TEXT   NOT NULL REFERENCES accounts (account_id),
    sub_account_id TEXT   NOT NULL,
    name           TEXT   NOT NULL,
    name_key       SORTTEXT   NOT NULL,
    version        BIGINT NOT NULL DEFAULT 1,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (account_id, sub_account_id),
    UNIQUE (account_id, name_key)
);

CREATE TABLE roles (
    account_id  TEXT    NOT NULL REFERENCES accounts (account_id),
    role_key    TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    role_rank   BIGINT  NOT NULL,
    administers BOOLEAN NOT NULL,
    permissions TEXT    NOT NULL, -- JSON
    reach       TEXT    NOT NULL CHECK (reach IN ('all', 'assigned', 'single')),
    modules     TEXT    NOT NULL CHECK (modules IN ('all', 'chosen')),
    billable    BOOLEAN NOT NULL,
    version     BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, role_key)
);

CREATE TABLE users (
    user_id         TEXT   NOT NULL PRIMARY KEY,
    email           TEXT   NOT NULL,
    email_key       SORTTEXT   NOT NULL UNIQUE,
    password_hash   TEXT   NOT NULL DEFAULT '', -- argon2id in PHC form; empty until one is set
    locale          TEXT   NOT NULL DEFAULT 'en',
    epoch           BIGINT NOT NULL DEFAULT 1,  -- raised by a change of password, address or factors
    reset_rotation  BIGINT NOT NULL DEFAULT 0,
    reset_expires   BIGINT,                     -- empty: no reset link is open
    version         BIGINT NOT NULL DEFAULT 1,
    created_at      BIGINT NOT NULL
);

CREATE TABLE members (
    account_id     TEXT   NOT NULL REFERENCES accounts (account_id),
    member_id      TEXT   NOT NULL,
    user_id        TEXT   REFERENCES users (user_id),
    email          TEXT   NOT NULL,
    email_key      SORTTEXT   NOT NULL,
    first_name     TEXT   NOT NULL,
    last_name      TEXT   NOT NULL,
    name_key       SORTTEXT   NOT NULL, -- normalised first and last name, to sort by
    search_key     SORTTEXT   NOT NULL, -- normalised name and address, to search in
    job_title      TEXT   NOT NULL DEFAULT '',
    phone          TEXT   NOT NULL DEFAULT '',
    locale         TEXT   NOT NULL DEFAULT 'en',
    status         TEXT   NOT NULL CHECK (status IN ('active', 'suspended', 'inactive', 'removed', 'deleted')),
    role_key       TEXT   NOT NULL,
    access_epoch   BIGINT NOT NULL DEFAULT 1,
    version        BIGINT NOT NULL DEFAULT 1,
    registered_at  BIGINT,
    last_seen_at   BIGINT,
    created_at     BIGINT NOT NULL,
    deactivated_at BIGINT,
    PRIMARY KEY (account_id, member_id),
    FOREIGN KEY (account_id, role_key) REFERENCES roles (account_id, role_key)
);
CREATE UNIQUE INDEX members_email ON members (account_id, email_key) WHERE status NOT IN ('removed', 'deleted');
CREATE UNIQUE INDEX members_user ON members (account_id, user_id) WHERE user_id IS NOT NULL AND status NOT IN ('removed', 'deleted');
CREATE INDEX members_by_name ON members (account_id, status, name_key, member_id);
CREATE INDEX members_by_email ON members (account_id, status, email_key, member_id);
CREATE INDEX members_by_created ON members (account_id, status, created_at, member_id);
CREATE INDEX members_by_seen ON members (account_id, status, last_seen_at, member_id);
CREATE INDEX members_of_user ON members (user_id, account_id);
CREATE INDEX members_by_role ON members (account_id, role_key, status);

CREATE TABLE member_modules (
    account_id TEXT NOT NULL,
    member_id  TEXT NOT NULL,
    module_id  TEXT NOT NULL,
    PRIMARY KEY (account_id, member_id, module_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id),
    FOREIGN KEY (account_id, module_id) REFERENCES modules (account_id, module_id)
);
CREATE INDEX member_modules_by_module ON member_modules (account_id, module_id, member_id);

CREATE TABLE member_sub_accounts (
    account_id     TEXT NOT NULL,
    member_id      TEXT NOT NULL,
    sub_account_id TEXT NOT NULL,
    PRIMARY KEY (account_id, member_id, sub_account_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id),
    FOREIGN KEY (account_id, sub_account_id) REFERENCES sub_accounts (account_id, sub_account_id)
);
CREATE INDEX member_sub_accounts_by_sub ON member_sub_accounts (account_id, sub_account_id, member_id);

CREATE TABLE sessions (
    account_id   TEXT   NOT NULL,
    token_hash   BYTEA  NOT NULL, -- SHA-256 of the token
    session_id   TEXT   NOT NULL,
    member_id    TEXT   NOT NULL,
    user_id      TEXT   NOT NULL,
    user_epoch   BIGINT NOT NULL, -- the user's epoch it was begun at; a higher one ends it
    user_agent   TEXT   NOT NULL,
    ip           TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ended_at     BIGINT,
    departure_id TEXT,            -- the departure that ended it
    PRIMARY KEY (account_id, token_hash),
    UNIQUE (account_id, session_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id)
);
CREATE INDEX sessions_of_member ON sessions (account_id, member_id, ended_at, created_at);
CREATE INDEX sessions_of_user ON sessions (user_id, account_id);

CREATE TABLE invitations (
    account_id    TEXT   NOT NULL REFERENCES accounts (account_id),
    invitation_id TEXT   NOT NULL,
    email         TEXT   NOT NULL,
    email_key     SORTTEXT   NOT NULL,
    role_key      TEXT   NOT NULL,
    modules       TEXT   NOT NULL, -- JSON, ids as offered
    sub_accounts  TEXT   NOT NULL, -- JSON
    message       TEXT   NOT NULL DEFAULT '',
    locale        TEXT   NOT NULL DEFAULT 'en',
    status        TEXT   NOT NULL CHECK (status IN ('pending', 'accepted', 'declined', 'withdrawn', 'expired')),
    member_id     TEXT,            -- the member it is bound to: added directly before, or made by accepting
    sponsor_kind  TEXT   NOT NULL,
    sponsor_id    TEXT   NOT NULL,
    rotation      BIGINT NOT NULL DEFAULT 1, -- of the mailed token
    expires_at    BIGINT NOT NULL,
    copy_rotation BIGINT NOT NULL DEFAULT 0, -- of the copied link; 0: never copied
    copy_live     BOOLEAN NOT NULL DEFAULT FALSE,
    code_rotation BIGINT NOT NULL DEFAULT 0,
    code_expires  BIGINT,
    code_tries    BIGINT NOT NULL DEFAULT 0,
    departure_id  TEXT,            -- the departure that withdrew it or passed it on
    sponsor_before TEXT NOT NULL DEFAULT '', -- who sponsored it before that departure
    version       BIGINT NOT NULL DEFAULT 1,
    created_at    BIGINT NOT NULL,
    sent_at       BIGINT NOT NULL,
    closed_at     BIGINT,
    PRIMARY KEY (account_id, invitation_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id)
);
CREATE UNIQUE INDEX invitations_open ON invitations (account_id, email_key) WHERE status = 'pending';
CREATE UNIQUE INDEX invitations_accepted ON invitations (account_id, member_id) WHERE status = 'accepted' AND member_id IS NOT NULL;
CREATE INDEX invitations_by_status ON invitations (account_id, status, invitation_id);
CREATE INDEX invitations_by_sponsor ON invitations (account_id, sponsor_id, status);
CREATE INDEX invitations_by_email ON invitations (account_id, email_key);
CREATE INDEX invitations_of_member ON invitations (account_id, member_id) WHERE member_id IS NOT NULL;

CREATE TABLE departures (
    account_id   TEXT   NOT NULL REFERENCES accounts (account_id),
    departure_id TEXT   NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN ('deactivate', 'remove', 'delete')),
    state        TEXT   NOT NULL CHECK (state IN ('draft', 'settling', 'scheduled', 'applied', 'undone', 'discarded', 'failed')),
    decisions    TEXT   NOT NULL, -- JSON
    digest       TEXT   NOT NULL DEFAULT '', -- of the plan that was applied
    by_kind      TEXT   NOT NULL,
    by_id        TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    applied_at   BIGINT,
    undo_until   BIGINT,
    receipt      TEXT   NOT NULL DEFAULT '', -- JSON as signed
    version      BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, departure_id)
);
CREATE INDEX departures_by_state ON departures (account_id, state, departure_id);

CREATE TABLE departure_members (
    account_id   TEXT    NOT NULL,
    departure_id TEXT    NOT NULL,
    member_id    TEXT    NOT NULL,
    open         BOOLEAN NOT NULL, -- the departure is a draft, settling or scheduled
    before       TEXT    NOT NULL DEFAULT '', -- JSON: the place as it was, for undo
    PRIMARY KEY (account_id, departure_id, member_id),
    FOREIGN KEY (account_id, departure_id) REFERENCES departures (account_id, departure_id),
    FOREIGN KEY (account_id, member_id) REFERENCES members (account_id, member_id)
);
CREATE UNIQUE INDEX departure_members_open ON departure_members (account_id, member_id) WHERE open;
CREATE INDEX departure_members_of ON departure_members (account_id, member_id, departure_id);

CREATE TABLE sign_ups (
    sign_up_id   TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL,
    preset       TEXT   NOT NULL,
    email        TEXT   NOT NULL,
    email_key    SORTTEXT   NOT NULL,
    first_name   TEXT   NOT NULL,
    last_name    TEXT   NOT NULL,
    locale       TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    confirmed_at BIGINT
);
CREATE INDEX sign_ups_by_email ON sign_ups (email_key, created_at);
CREATE INDEX sign_ups_by_end ON sign_ups (expires_at);

-- A change of address that waits for its confirmation from the new mailbox.
CREATE TABLE email_changes (
    account_id TEXT   NOT NULL DEFAULT '', -- empty: the person changed their own, everywhere
    member_id  TEXT   NOT NULL DEFAULT '',
    user_id    TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    email_key  SORTTEXT   NOT NULL,
    rotation   BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    requested_kind TEXT NOT NULL DEFAULT '', -- who asked for another's place, and must still be allowed to
    requested_id   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account_id, member_id, user_id)
);
CREATE INDEX email_changes_by_requester ON email_changes (account_id, requested_id);

-- Failed attempts, by the SHA-256 of what was attempted: durable, never in a lock.
CREATE TABLE attempts (
    attempt_key  TEXT   NOT NULL PRIMARY KEY,
    failures     BIGINT NOT NULL,
    failed_at    BIGINT NOT NULL,
    blocked_till BIGINT NOT NULL
);

CREATE TABLE outbox (
    account_id TEXT   NOT NULL, -- empty for mail to a user, whatever their accounts
    mail_id    TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    recipient  TEXT   NOT NULL,
    locale     TEXT   NOT NULL,
    subject_id TEXT   NOT NULL, -- what it is about: an invitation, a member, a user
    rotation   BIGINT NOT NULL, -- of the link or code it carries; the mail is written from these
    facts      TEXT   NOT NULL, -- JSON: names and words to show; never a token or a code
    status     TEXT   NOT NULL CHECK (status IN ('queued', 'sent', 'failed')),
    attempts   BIGINT NOT NULL DEFAULT 0,
    due_at     BIGINT NOT NULL,
    lease_till BIGINT NOT NULL DEFAULT 0,
    reason     TEXT   NOT NULL DEFAULT '', -- what the mail server said last
    created_at BIGINT NOT NULL,
    closed_at  BIGINT,
    PRIMARY KEY (account_id, mail_id)
);
CREATE INDEX outbox_due ON outbox (due_at, mail_id) WHERE status = 'queued';
CREATE INDEX outbox_subject ON outbox (account_id, subject_id, mail_id);

CREATE TABLE jobs (
    account_id TEXT   NOT NULL,
    job_id     TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    ref        TEXT   NOT NULL, -- what the job is about, by its kind
    due_at     BIGINT NOT NULL,
    again_at   BIGINT,          -- asked for again while it is worked on: when it is due then
    lease_till BIGINT NOT NULL DEFAULT 0,
    attempts   BIGINT NOT NULL DEFAULT 0,
    reason     TEXT   NOT NULL DEFAULT '', -- why it failed last
    status     TEXT   NOT NULL CHECK (status IN ('queued', 'failed')), -- what is done is gone
    PRIMARY KEY (account_id, job_id)
);
CREATE UNIQUE INDEX jobs_once ON jobs (account_id, kind, ref) WHERE status = 'queued';
CREATE INDEX jobs_due ON jobs (due_at) WHERE status = 'queued';

CREATE TABLE operator_keys (
    key_id     TEXT   NOT NULL PRIMARY KEY,
    key_hash   BYTEA  NOT NULL UNIQUE, -- SHA-256
    created_at BIGINT NOT NULL
);

-- What the installation keeps about itself: one row a name.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);


-- +goose Down
DROP TABLE settings;
DROP TABLE operator_keys;
DROP TABLE jobs;
DROP TABLE outbox;
DROP TABLE attempts;
DROP TABLE email_changes;
DROP TABLE sign_ups;
DROP TABLE departure_members;
DROP TABLE departures;
DROP TABLE invitations;
DROP TABLE sessions;
DROP TABLE member_sub_accounts;
DROP TABLE member_modules;
DROP TABLE members;
DROP TABLE users;
DROP TABLE roles;
DROP TABLE sub_accounts;
DROP TABLE modules;
DROP TABLE accounts;
DROP TABLE user_events;
DROP TABLE user_heads;
DROP TABLE events;
DROP TABLE heads;

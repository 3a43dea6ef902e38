// Package session is a signed-in device of one member in one account.
//
// Invariants. After the call that ends a session has returned, no request that
// starts later is accepted with it. What a session may do is what its member may
// do now. A session ends when it was not used for the idle time or exists for the
// absolute time of its account, whatever else happens; both follow the account's
// policy and the member's role of today. The token is stored as its SHA-256
// only, and every beginning makes a new one.
package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/outbox"
	"tenure/internal/secret"
)

// Prefix is what every session token begins with.
const Prefix = "tn_"

// Beginning is what a session begins with. The caller has made sure that the
// person is who they say, and that the member is active and registered.
type Beginning struct {
	Account   id.Account
	Member    id.Member
	User      id.User
	UserEpoch int64       // the epoch at which the credentials were verified
	Role      access.Role // the member's, for the limits
	UserAgent string
	IP        string
	ProvedAt  time.Time // when the person proved who they are; zero: now
	// Email, FirstName and Locale are how the person is written to about a device
	// that is new.
	Email     string
	FirstName string
	Locale    string
}

// Started is a session that has just begun. The token is shown once.
type Started struct {
	Token     string
	ID        id.Session
	Account   id.Account
	Member    id.Member
	ExpiresAt time.Time // the latest end; not being used ends it earlier
}

// Begin starts a session, with a token that never existed before, and records
// session.begin. Whoever has signed in before, never from such a device, is told
// by mail.
func Begin(ctx context.Context, tx *db.Tx, b Beginning) (Started, error) {
	acc, err := account.Get(ctx, tx, b.Account)
	if err != nil {
		return Started{}, fmt.Errorf("begin session: %w", err)
	}
	agent := agentText(b.UserAgent)
	started := Started{
		Token: bearer.Make(Prefix, b.Account), ID: id.New[id.Session](), Account: b.Account, Member: b.Member,
		ExpiresAt: tx.Now().Add(limitsOf(acc.Policy, b.Role).absolute),
	}
	proved := b.ProvedAt
	if proved.IsZero() {
		proved = tx.Now()
	}
	unseen, err := newDevice(ctx, tx, b.User, DeviceOf(agent))
	if err != nil {
		return Started{}, err
	}
	if unseen {
		if err := b.tell(ctx, tx, acc, started.ID, DeviceOf(agent)); err != nil {
			return Started{}, err
		}
	}
	if err := tx.ExecOne(ctx, `INSERT INTO sessions (account_id, token_hash, session_id, member_id, user_id, user_epoch, user_agent, ip, created_at, last_seen_at, proved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`, string(b.Account), secret.Hash(started.Token), string(started.ID), string(b.Member), string(b.User),
		b.UserEpoch, agent, b.IP, db.Micros(tx.Now()), db.Micros(proved)); err != nil {
		return Started{}, fmt.Errorf("begin session: %w", err)
	}
	by := access.Actor{Kind: access.Member, Account: b.Account, Member: b.Member, User: b.User, Session: started.ID, Origin: access.From(ctx).Origin}
	by.Origin.IP = b.IP
	return started, audit.Record(ctx, tx, by, audit.Event{Action: "session.begin", Subject: audit.Of("session", started.ID),
		Changes: []audit.Change{audit.Plain("member", nil, string(b.Member)), audit.Plain("device", nil, DeviceOf(agent).String())}})
}

// Prove notes that the person behind a session has proved who they are once
// more. Faults: unauthenticated for a session that has ended.
func Prove(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member, session id.Session) error {
	noted, err := tx.Exec(ctx, `UPDATE sessions SET proved_at = $4 WHERE account_id = $1 AND member_id = $2 AND session_id = $3 AND ended_at IS NULL`,
		string(acc), string(member), string(session), db.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("prove session: %w", err)
	}
	if noted == 0 {
		return fault.Unauthenticated()
	}
	tx.Stale(string(member))
	return nil
}

// tell writes the mail about a sign-in from a device not seen before.
func (b Beginning) tell(ctx context.Context, tx *db.Tx, acc account.Account, session id.Session, device Device) error {
	_, err := outbox.Add(ctx, tx, outbox.Mail{Account: b.Account, Kind: outbox.NewSignIn, To: b.Email, Locale: b.Locale, Subject: string(session),
		Facts: map[string]string{"account": acc.Name, "accent": acc.Accent, "name": b.FirstName, "browser": device.Browser, "system": device.System,
			"ip": b.IP, "at": tx.Now().Format(time.RFC3339)}})
	return err
}

// agentText makes what a client says about itself fit to be kept: it is not
// believed, and never refused.
func agentText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	for len(s) > 300 {
		runes := []rune(s)
		s = string(runes[:min(len(runes)-1, 300)])
	}
	return s
}

// newDevice reports whether the user has begun sessions before, none of them
// from such a device. It looks at the latest ones.
func newDevice(ctx context.Context, tx *db.Tx, user id.User, device Device) (bool, error) {
	before, known := false, false
	err := tx.Each(ctx, `SELECT user_agent FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, session_id LIMIT 200`, []any{string(user)},
		func(scan func(...any) error) error {
			var agent string
			err := scan(&agent)
			before, known = true, known || DeviceOf(agent) == device
			return err
		})
	if err != nil {
		return false, fmt.Errorf("devices of user: %w", err)
	}
	return before && !known, nil
}

// End ends one session of a member, and records it. Faults: not_found, also for
// one that has ended.
func End(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, member id.Member, session id.Session) error {
	var agent string
	err := tx.One(ctx, `SELECT user_agent FROM sessions WHERE account_id = $1 AND session_id = $2 AND member_id = $3 AND ended_at IS NULL`,
		[]any{string(acc), string(session), string(member)}, &agent)
	if errors.Is(err, db.ErrNone) {
		return fault.NotFound()
	}
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	if err := tx.ExecOne(ctx, `UPDATE sessions SET ended_at = $3 WHERE account_id = $1 AND session_id = $2 AND ended_at IS NULL`,
		string(acc), string(session), db.Micros(tx.Now())); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	tx.Stale(string(member))
	return audit.Record(ctx, tx, actor, audit.Event{Action: "session.end", Subject: audit.Of("member", member), Changes: []audit.Change{
		audit.Plain("session", string(session), nil), audit.Plain("device", DeviceOf(agent).String(), nil)}})
}

// EndMember ends every session of a member, and records that as one event if
// there was any. A departure that ends them is named in the rows.
func EndMember(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, member id.Member, departure id.Departure) (ended int64, err error) {
	tx.Stale(string(member)) // also if there is none: a fill may be under way
	ended, err = tx.Exec(ctx, `UPDATE sessions SET ended_at = $3, departure_id = $4 WHERE account_id = $1 AND member_id = $2 AND ended_at IS NULL`,
		string(acc), string(member), db.Micros(tx.Now()), db.Null(string(departure)))
	if err != nil {
		return 0, fmt.Errorf("end sessions of member: %w", err)
	}
	if ended == 0 {
		return 0, nil
	}
	return ended, audit.Record(ctx, tx, actor, audit.Event{Action: "session.end", Subject: audit.Of("member", member),
		Changes: []audit.Change{audit.Plain("sessions", ended, 0)}})
}

// EndUser ends every session of the user whose head the write has locked, in
// every account, and records that in the user's trail if there was any. The one excepted, if any,
// goes on at the user's new epoch.
func EndUser(ctx context.Context, tx *db.Tx, actor access.Actor, user id.User, except id.Session, epoch int64) (ended int64, err error) {
	tx.Stale(string(user))
	ended, err = tx.Exec(ctx, `UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND session_id <> $3
		AND account_id IN (SELECT account_id FROM sessions WHERE user_id = $1)`, string(user), db.Micros(tx.Now()), string(except))
	if err != nil {
		return 0, fmt.Errorf("end sessions of user: %w", err)
	}
	if except != "" {
		if _, err := tx.Exec(ctx, `UPDATE sessions SET user_epoch = $2 WHERE user_id = $1 AND ended_at IS NULL AND session_id = $3 AND user_epoch < $2
			AND account_id IN (SELECT account_id FROM sessions WHERE user_id = $1)`, string(user), epoch, string(except)); err != nil {
			return 0, fmt.Errorf("keep session of user: %w", err)
		}
	}
	if ended == 0 {
		return 0, nil
	}
	return ended, audit.RecordUser(ctx, tx, actor, audit.Event{Action: "session.end", Subject: audit.Of("user", user),
		Changes: []audit.Change{audit.Plain("sessions", ended, 0)}})
}

// Forget deletes what is kept about the sessions of a member whose personal data
// is erased; the event is the one of the erasure.
func Forget(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member) error {
	tx.Stale(string(member))
	_, err := tx.Exec(ctx, `DELETE FROM sessions WHERE account_id = $1 AND member_id = $2`, string(acc), string(member))
	if err != nil {
		return fmt.Errorf("forget sessions: %w", err)
	}
	return nil
}

// limits are how long sessions of a role in an account last.
type limits struct {
	idle     time.Duration // without use
	absolute time.Duration // in all
}

// limitsOf gives the account's own limits, or where it has none those of the
// role: 30 minutes and 12 hours for who administers, 30 days for others.
func limitsOf(policy account.Policy, role access.Role) limits {
	l := limits{30 * 24 * time.Hour, 30 * 24 * time.Hour}
	if role.Administers {
		l = limits{30 * time.Minute, 12 * time.Hour}
	}
	if policy.SessionIdle != nil {
		l.idle = policy.SessionIdle.Duration()
	}
	if policy.SessionAbsolute != nil {
		l.absolute = policy.SessionAbsolute.Duration()
	}
	return l
}

// live reports whether a session is within its limits.
func (l limits) live(now, created, seen time.Time) bool {
	return now.Before(created.Add(l.absolute)) && now.Before(seen.Add(l.idle))
}

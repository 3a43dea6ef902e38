package session

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Entry is a session as people see it.
type Entry struct {
	ID         id.Session
	Account    id.Account
	Member     id.Member
	Device     Device
	UserAgent  string // as the client gave it
	IP         string
	CreatedAt  time.Time
	LastSeenAt time.Time // to the minute
	ExpiresAt  time.Time // the latest end
}

// List gives the sessions of a member that still let somebody in, the newest
// first. Who is not active has none.
func (c *Cache) List(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member) ([]Entry, error) {
	list := []Entry{}
	on, err := c.footing(ctx, tx, acc, member)
	if fault.Code(err) == "unauthenticated" {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	asNoted := on.limits
	asNoted.idle += bearer.NoteEvery // the last use may be later than what is written down
	err = tx.Each(ctx, `SELECT session_id, member_id, user_id, user_epoch, created_at, last_seen_at, user_agent, ip FROM sessions
		WHERE account_id = $1 AND member_id = $2 AND ended_at IS NULL ORDER BY created_at DESC, session_id DESC`, []any{string(acc), string(member)},
		func(scan func(...any) error) error {
			var s row
			var agent, ip string
			err := scan((*string)(&s.id), (*string)(&s.member), (*string)(&s.user), &s.epoch, db.Time(&s.created), db.Time(&s.seen), &agent, &ip)
			if err == nil && on.carries(s) && asNoted.live(tx.Now(), s.created, s.seen) {
				list = append(list, Entry{ID: s.id, Account: acc, Member: s.member, Device: DeviceOf(agent), UserAgent: agent, IP: ip,
					CreatedAt: s.created, LastSeenAt: s.seen, ExpiresAt: s.created.Add(on.limits.absolute)})
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return list, nil
}

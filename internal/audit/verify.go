package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Defect is one place where a chain does not hold.
type Defect struct {
	Seq  int64
	What string
}

// Verify walks the trail of an account and says where it does not hold: an
// event that was edited, deleted, swapped or cut off, or a personal value that
// is not the one that was recorded. It gives the number of events and nothing
// else when all is well.
func Verify(ctx context.Context, tx *db.Tx, account id.Account) (events int64, defects []Defect, err error) {
	return accountTrail.verify(ctx, tx, string(account))
}

// VerifyUser does the same for the trail of a user, and for the operator's.
func VerifyUser(ctx context.Context, tx *db.Tx, user id.User) (events int64, defects []Defect, err error) {
	return userTrail.verify(ctx, tx, string(user))
}

func (t trail) verify(ctx context.Context, tx *db.Tx, owner string) (int64, []Defect, error) {
	var head db.Chain
	err := tx.One(ctx, t.head, []any{owner}, &head.Seq, &head.Head)
	if errors.Is(err, db.ErrNone) {
		return 0, []Defect{{0, "the head is missing"}}, nil
	} else if err != nil {
		return 0, nil, fmt.Errorf("verify %s: %w", owner, err)
	}
	var defects []Defect
	var seen int64
	var last db.Chain
	found := func(seq int64, what string) { defects = append(defects, Defect{seq, what}) }
	err = tx.Each(ctx, t.events+` ORDER BY seq`, []any{owner}, func(scan func(...any) error) error {
		var r row
		if err := r.scan(scan); err != nil {
			return err
		}
		seen++
		if r.Seq != last.Seq+1 {
			found(r.Seq, fmt.Sprintf("follows event %d: something between them is gone", last.Seq))
		}
		if !bytes.Equal(r.Prev, last.Head) {
			found(r.Seq, "does not follow the event before it")
		}
		if !bytes.Equal(r.Hash, r.sum(owner)) {
			found(r.Seq, "is not what was recorded")
		}
		if what := r.checkPersonal(); what != "" {
			found(r.Seq, what)
		}
		last = db.Chain{Seq: r.Seq, Head: r.Hash}
		return nil
	})
	if err != nil {
		return 0, nil, fmt.Errorf("verify %s: %w", owner, err)
	}
	if last.Seq != head.Seq {
		found(last.Seq, fmt.Sprintf("is the last event, but the head says %d", head.Seq))
	} else if !bytes.Equal(last.Head, head.Head) {
		found(last.Seq, "is the last event, but not the one that the head knows")
	}
	return seen, defects, nil
}

// HashAt gives the hash of one event of an account's trail, nil if there is no
// such event.
func HashAt(ctx context.Context, tx *db.Tx, account id.Account, seq int64) (hash []byte, err error) {
	err = tx.One(ctx, `SELECT hash FROM events WHERE account_id = $1 AND seq = $2`, []any{string(account), seq}, &hash)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return nil, fmt.Errorf("read event %d: %w", seq, err)
	}
	return hash, nil
}

// checkPersonal holds every personal value that is still there against its
// digest. It reads no more of the changes than it compares: most of the time of
// a verification goes here.
func (r row) checkPersonal() string {
	if r.personal == "" {
		return ""
	}
	var hidden struct {
		Changes map[string][2]*recorded `json:"changes"`
		IP      *recorded               `json:"ip"`
	}
	if json.Unmarshal([]byte(r.personal), &hidden) != nil {
		return "has personal values that cannot be read"
	}
	var public struct {
		Changes map[string][2]jsontext.Value `json:"changes"`
		IP      jsontext.Value               `json:"ip"`
	}
	if json.Unmarshal([]byte(r.changes), &public) != nil {
		return "has changes that cannot be read"
	}
	if hidden.IP != nil && !hidden.IP.is(public.IP) {
		return "has an address of origin that was not recorded"
	}
	for name, pair := range hidden.Changes {
		for i, value := range pair {
			if value != nil && !value.is(public.Changes[name][i]) {
				return "has a personal value that was not recorded"
			}
		}
	}
	return ""
}

// recorded is a personal value as it stands beside the chain, written as salted.
type recorded struct {
	Salt  []byte         `json:"salt"`
	Value jsontext.Value `json:"value"`
}

// is reports whether the chained facts have the digest of this value there,
// letter by letter as it was written.
func (v recorded) is(mark jsontext.Value) bool {
	return string(mark) == `{"sha256":"`+salted{v.Salt, []byte(v.Value)}.digest().SHA256+`"}`
}

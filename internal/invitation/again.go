package invitation

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/once"
	"tenure/internal/secret"
)

// told is what is kept of a result under an Idempotency-Key: everything but the
// address, which whoever asks again sends again.
type told struct {
	Verdict    Verdict       `json:"v"`
	Code       string        `json:"c,omitempty"`
	Invitation id.Invitation `json:"i,omitempty"`
	Member     id.Member     `json:"m,omitempty"`
}

func verdictsOf(results []Result) []told {
	all := make([]told, len(results))
	for i, r := range results {
		all[i] = told{Verdict: r.Verdict, Code: r.Code, Member: r.Member}
		if r.Invitation != nil {
			all[i].Invitation = r.Invitation.ID
		}
	}
	return all
}

// recall gives the results of a chunk that was taken before, with its
// invitations as they are now.
func (p *Passage) recall(ctx context.Context, acc id.Account, part []candidate, kept once.Kept) ([]Result, error) {
	var before []told
	if err := kept.Into(&before); err != nil {
		return nil, err
	}
	if len(before) != len(part) {
		return nil, fmt.Errorf("invite again: %d verdicts for %d addresses", len(before), len(part))
	}
	var now map[id.Invitation]Listed
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		now, err = byID(ctx, tx, acc, before)
		return err
	}); err != nil {
		return nil, err
	}
	results := make([]Result, len(part))
	for i, t := range before {
		results[i] = Result{Email: part[i].given, Verdict: t.Verdict, Code: t.Code, Member: t.Member}
		if inv, there := now[t.Invitation]; there {
			results[i].Invitation = &inv
		}
	}
	return results, nil
}

// byID reads the invitations that verdicts name.
func byID(ctx context.Context, tx *db.Tx, acc id.Account, named []told) (map[id.Invitation]Listed, error) {
	var ids []any
	for _, t := range named {
		if t.Invitation != "" {
			ids = append(ids, string(t.Invitation))
		}
	}
	found := make(map[id.Invitation]Listed, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 100)
		some, err := some(ctx, tx, acc, `invitation_id IN (`+db.Params(2, n)+`)`, ids[:n]...)
		if err != nil {
			return nil, err
		}
		all, err := listed(ctx, tx, acc, some)
		if err != nil {
			return nil, err
		}
		for _, inv := range all {
			found[inv.ID] = inv
		}
		ids = ids[n:]
	}
	return found, nil
}

// Copied is a copied link as it was given out. The link itself is kept nowhere:
// it follows from the rotation.
type Copied struct {
	Rotation  int64
	ExpiresAt time.Time
}

// CopiedLink gives a link again that CopyLink has given under the same key.
// Faults: those of Get.
func (p *Passage) CopiedLink(ctx context.Context, actor access.Actor, acc id.Account, invitation id.Invitation, c Copied) (token string, expires time.Time, err error) {
	if _, err := p.Get(ctx, actor, acc, invitation); err != nil {
		return "", time.Time{}, err
	}
	return p.copied(acc, invitation, c.Rotation), c.ExpiresAt, nil
}

func (p *Passage) copied(acc id.Account, invitation id.Invitation, rotation int64) string {
	return p.keeper.Token(secret.Link{Kind: secret.Copy, Account: acc, ID: string(invitation), Rotation: rotation})
}

package invitation

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"tenure/internal/once"
	"tenure/internal/secret"
)

// TestInvitationsCutShortGoOnUnderTheSameKey gives up after the first chunk and
// asks again: everybody is invited once, and nobody is told that they were
// invited already.
func TestInvitationsCutShortGoOnUnderTheSameKey(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		keeper, err := secret.NewKeeper([]byte("a master secret of the tests, long enough"))
		s.must(err)
		book := once.NewBook(s.db, keeper)
		under := func(ctx context.Context) context.Context {
			return once.With(ctx, book.Request(once.Order{Account: s.account, Caller: "member:a", Key: "k", Asked: []byte("all")}))
		}
		order := Order{Role: "user", Modules: s.moduleIDs("inbox")}
		for i := range 2*chunk + 7 {
			order.Emails = append(order.Emails, fmt.Sprintf("person%04d@example.com", i))
		}
		order.Emails[3] = "no address"
		cut, stop := context.WithCancel(t.Context())
		if _, err := s.Invite(under(cut), s.admin, s.account, order, func(int) { stop() }); !errors.Is(err, context.Canceled) {
			t.Fatalf("cut short with %v", err)
		}
		if n, err := s.Count(t.Context(), s.admin, s.account); err != nil || n != chunk-1 {
			t.Fatalf("%d invitations, %v", n, err)
		}
		whole, err := s.Invite(under(t.Context()), s.admin, s.account, order, nil)
		s.must(err)
		again, err := s.Invite(under(t.Context()), s.admin, s.account, order, nil)
		s.must(err)
		for i, r := range whole {
			want := Invited
			if i == 3 {
				want = Invalid
			}
			if r.Verdict != want || r.Email != order.Emails[i] || (r.Invitation == nil) != (want == Invalid) {
				t.Fatalf("%d is %+v", i, r)
			}
			if a := again[i]; fmt.Sprintf("%+v", a.Invitation) != fmt.Sprintf("%+v", r.Invitation) || a.Verdict != r.Verdict || a.Code != r.Code {
				t.Fatalf("%d is %+v, and again %+v", i, r, a)
			}
		}
		if n, err := s.Count(t.Context(), s.admin, s.account); err != nil || int(n) != len(order.Emails)-1 {
			t.Errorf("%d invitations, %v", n, err)
		}
	})
}

package servertest

import (
	"fmt"
	"testing"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
)

// FillTrail makes the trail of an account as long as asked, with what its owner did
// to themselves: from one job title to another.
func (s *Server) FillTrail(t *testing.T, c *Company, events int, title string) {
	t.Helper()
	actor := access.Actor{Kind: access.Member, Member: id.Member(c.Owner.Member), Origin: access.Origin{RequestID: "=long", IP: "192.0.2.7"}}
	from := int(c.Owner.Get(c.Path("/events?limit=1")).OK().Number("items.0.seq"))
	err := s.Parts().DB.Write(t.Context(), id.Account(c.ID), func(tx *db.Tx) error {
		all := make([]audit.Event, events-from)
		for i := range all {
			all[i] = audit.Event{Action: "member.update", Subject: audit.Of("member", c.Owner.Member), Changes: []audit.Change{
				audit.Plain("role", "owner", "member"), audit.Personal("job_title", "Planner", fmt.Sprint(title, i)),
			}}
		}
		return audit.RecordMany(t.Context(), tx, actor, all)
	})
	if err != nil {
		t.Fatal(err)
	}
}

package api

import (
	"context"
	"encoding/csv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tenure/internal/access"
	"tenure/internal/id"
	"tenure/internal/page"
)

// exportMembers writes the whole list, page by page, so that a large account
// takes no more memory than a small one. The first page is read before anything
// is sent: a refusal still has its status.
func (d *door) exportMembers(ctx context.Context, actor access.Actor, in *csvInput) (*huma.StreamResponse, error) {
	f := in.filter()
	f.Limit = page.Most
	members, next, err := d.rooms.Roster.List(ctx, actor, id.Account(in.Account), f)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(to huma.Context) {
		to.SetHeader("Content-Type", "text/csv; charset=utf-8")
		to.SetHeader("Content-Disposition", `attachment; filename="members.csv"`)
		rows := csv.NewWriter(to.BodyWriter())
		_ = rows.Write([]string{"id", "email", "first_name", "last_name", "job_title", "phone", "status", "role", "registered_at", "last_seen_at", "created_at"})
		for {
			for _, m := range members {
				// A caller who goes away ends the writing; Error tells.
				_ = rows.Write([]string{string(m.ID), cell(m.Email), cell(m.FirstName), cell(m.LastName), cell(m.JobTitle), cell(m.Phone),
					string(m.Status), cell(m.Role), stamp(m.RegisteredAt), stamp(m.LastSeenAt), stamp(m.CreatedAt)})
			}
			rows.Flush()
			if next == "" || rows.Error() != nil {
				return
			}
			f.Cursor = next
			if members, next, err = d.rooms.Roster.List(ctx, actor, id.Account(in.Account), f); err != nil {
				d.refuse(ctx, err) // logs what is ours; the list ends short
				return
			}
		}
	}}, nil
}

// cell keeps a spreadsheet from running what somebody typed as a formula
// (OWASP, CSV injection): such a cell begins with an apostrophe. The wide forms
// of the signs begin a formula in spreadsheets of East Asian languages.
func cell(s string) string {
	if strings.IndexFunc(s, beginsFormula) == 0 {
		return "'" + s
	}
	return s
}

func beginsFormula(r rune) bool { return strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

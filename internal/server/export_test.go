package server_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

// items gives what the list says, oldest first, each as the JSON it is.
func items(t *testing.T, c *servertest.Client, path string) []string {
	t.Helper()
	var page struct{ Items []json.RawMessage }
	if err := json.Unmarshal(c.Get(path).OK().Body, &page); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, item := range slices.Backward(page.Items) {
		all = append(all, string(item))
	}
	return all
}

// TestTheExportIsTheList: the same events with the same filters, oldest first,
// and from where others acted as hidden as there.
func TestTheExportIsTheList(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "=cmd|' /C calc'!A0", "owner@export.example")
		m := c.Invite("maria@export.example", "member", nil)
		c.Owner.Patch(c.Path("/members/"+m.Member), obj{"first_name": "=HYPERLINK(1)", "job_title": "Planner"}).OK()
		m.With("X-Request-Id", "+mine").Patch("/v1/me", obj{"job_title": "Chief planner"}).OK()
		at := c.Owner.Get(c.Path("/events?limit=1")).OK().Text("items.0.at")
		for _, asked := range []struct {
			client *servertest.Client
			filter string
			none   bool
		}{
			{c.Owner.Client, "", false},
			{c.Owner.Client, "&action=member.", false},
			{c.Owner.Client, "&action=member.&actor=" + c.Owner.Member + "&subject=" + m.Member + "&since=2020-01-01T00:00:00Z&until=2099-01-01T00:00:00Z", false},
			{c.Owner.Client, "&since=" + at, false},
			{c.Owner.Client, "&until=2000-01-01T00:00:00Z", true},
			{m.Client, "&subject=" + m.Member, false},
			{m.Client, "&actor=" + m.Member, false},
			{s.Operator(t), "&actor=key_nobody", true},
		} {
			want := items(t, asked.client, c.Path("/events?limit=200"+asked.filter))
			if (len(want) == 0) != asked.none {
				t.Errorf("%s: the list has %d", asked.filter, len(want))
			}
			a := asked.client.Get(c.Path("/events/export?format=ndjson" + asked.filter)).OK()
			if got := strings.Split(strings.TrimSuffix(string(a.Body), "\n"), "\n"); len(want) > 0 && !slices.Equal(got, want) || len(want) == 0 && len(a.Body) > 0 {
				t.Errorf("%s: the export says\n%s\nthe list\n%s", asked.filter, a.Body, strings.Join(want, "\n"))
			}
			rows, err := csv.NewReader(strings.NewReader(string(asked.client.Get(c.Path("/events/export?format=csv" + asked.filter)).OK().Body))).ReadAll()
			if err != nil || len(rows) != len(want)+1 {
				t.Fatalf("%s: %d rows, %v", asked.filter, len(rows), err)
			}
			for i, row := range rows[1:] {
				var e map[string]any
				if err := json.Unmarshal([]byte(want[i]), &e); err != nil {
					t.Fatal(err)
				}
				if row[0] != fmt.Sprint(e["seq"]) || row[3] != e["action"] || row[12] != e["ip"] || row[13] != e["hash"] {
					t.Errorf("%s: row %q of %s", asked.filter, row, want[i])
				}
				for _, cell := range row {
					if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
						t.Errorf("a cell begins with %q", cell)
					}
				}
			}
		}
		m.Get(c.Path("/events/export")).Refused(403, "forbidden")
		m.Get(c.Path("/events/stream")).Refused(403, "forbidden")
	})
}

// TestAFilterThatCanMeanNothingIsNamed, each of several at once, in all three
// ways of reading.
func TestAFilterThatCanMeanNothingIsNamed(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Named", "owner@named.example")
	for _, path := range []string{"/events?limit=1&", "/events/export?", "/events/stream?"} {
		for query, fields := range map[string][]string{
			"actor=a%20b":                      {"actor"},
			"action=member":                    {"action"},
			"action=MEMBER.UPDATE&subject=%09": {"action", "subject"},
			"since=yesterday":                  {"since"},
			"since=2026-01-01":                 {"since"},
			"until=0000":                       {"until"},
			"format=xml":                       {"format"},
			"since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z":                   {"until"},
			"action=x&since=2026-02-01T00:00:00Z&until=2026-02-01T00:00:00Z":          {"action", "until"},
			"subject=" + strings.Repeat("m", 161):                                     {"subject"},
			"actor=" + strings.Repeat("m", 61) + "&action=" + strings.Repeat("m", 61): {"action", "actor"},
		} {
			if path != "/events/export?" && fields[0] == "format" || path == "/events/stream?" && (strings.Contains(query, "since") || strings.Contains(query, "until")) {
				continue // not known there at all
			}
			a := c.Owner.Get(c.Path(path + query))
			a.Refused(422, "invalid")
			var named []string
			for _, e := range a.List("errors") {
				named = append(named, e.(map[string]any)["field"].(string))
			}
			slices.Sort(named)
			if !slices.Equal(named, fields) {
				t.Errorf("%s%s names %v: %s", path, query, named, a.Body)
			}
		}
	}
}

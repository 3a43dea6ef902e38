package model

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/secret"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// engine is a server on one of the stores, and the account that stands for the
// world on it. What the model counts, it knows by identifiers.
type engine struct {
	*servertest.Server
	t        testing.TB
	name     string
	account  string
	places   []string
	invites  []string
	leavings []string
	devices  []string // tokens
	keys     []string // tokens
	keyIDs   []string
	copies   [][]string // by invitation
	digests  []string   // by departure, as last seen
	modules  []string
	subs     []string
	seq      float64           // of the last event that was looked at
	names    map[string]string // of identifiers, by the order in which they came up
}

// engines starts a server on each store. Mails wait in the outbox: what they
// carry is derived.
func engines(t *testing.T) (all []*engine) {
	for _, name := range dbtest.Engines() {
		s := servertest.Start(t, name, func(c *server.Config) { c.SMTP = "" })
		all = append(all, &engine{Server: s, t: t, name: name})
	}
	return all
}

// found begins a world on the engine.
func (e *engine) found(p preset, world int) {
	*e = engine{Server: e.Server, t: e.t, name: e.name, names: map[string]string{}}
	o := e.Operator(e.t)
	made := o.Post("/v1/accounts", servertest.Map{"name": "Plain", "preset": p.name,
		"owner": servertest.Map{"email": addressOf(world, 0), "first_name": "Ada", "last_name": "Added"}}).OK()
	e.account = made.Text("account.id")
	for _, name := range []string{"North", "South"} {
		e.subs = append(e.subs, o.Post(e.path("/sub-accounts"), servertest.Map{"name": name}).OK().Text("id"))
	}
	for _, m := range o.Get(e.path("/modules")).OK().List("items") {
		if module := m.(map[string]any); module["admin_only"] == false && len(e.modules) < 3 {
			e.modules = append(e.modules, module["id"].(string))
		}
	}
	slices.Sort(e.modules)
	e.seq = o.Get(e.path("/events")).OK().Number("items.0.seq")
	e.discover()
}

func (e *engine) path(rest string, parts ...any) string {
	return "/v1/accounts/" + e.account + fmt.Sprintf(rest, parts...)
}

func addressOf(world, who int) string { return fmt.Sprintf("p%d@w%d.example", who, world) }

func passwordOf(p person) string { return fmt.Sprintf("%s, %d times", servertest.Password, p.password) }

// as is a client of the actor.
func (e *engine) as(a actor) *servertest.Client {
	if a == operator {
		return e.Operator(e.t)
	}
	return e.Client(e.t, e.devices[a.device])
}

// token writes a link.
func (e *engine) token(l link) string {
	if l.copied {
		return e.copies[l.invite][l.rotation-1]
	}
	return e.Parts().Keeper.Token(secret.Link{Kind: secret.Invitation, Account: id.Account(e.account), ID: e.invites[l.invite], Rotation: int64(l.rotation)})
}

// code is the newest code mailed for an invitation, or a wrong one.
func (e *engine) code(n, mailed int, code string) string {
	right := e.Parts().Keeper.Code(secret.Link{Kind: secret.InvitationCode, Account: id.Account(e.account), ID: e.invites[n], Rotation: int64(mailed)})
	switch {
	case code == "":
		return ""
	case code == "right" && mailed > 0:
		return right
	case right == "000000":
		return "000001"
	}
	return "000000"
}

func (e *engine) grants(g grants) (modules, subs []string) {
	modules, subs = []string{}, []string{}
	for _, m := range g.modules {
		modules = append(modules, e.modules[m])
	}
	for _, s := range g.subs {
		subs = append(subs, e.subs[s])
	}
	return modules, subs
}

// set moves the clock on and has due work done.
func (e *engine) pass(minutes int) {
	o := e.Operator(e.t)
	o.Call("PUT", "/v1/clock", servertest.Map{"now": e.Clock.Now().Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339Nano)}).OK()
}

// waitErased waits until the person of a departure is erased.
func (e *engine) waitErased(n int) {
	ctx, cancel := context.WithTimeout(e.t.Context(), 20*time.Second)
	defer cancel()
	for e.Operator(e.t).Get(e.path("/departures/%s/receipt", e.leavings[n])).Status != 410 {
		if ctx.Err() != nil {
			e.t.Fatalf("%s: the person of departure %d is not erased", e.name, n)
		}
	}
}

// discover gives what is new the next numbers, in the order in which it began,
// and the lists.
func (e *engine) discover() (members, invitations, departures []map[string]any) {
	o := e.Operator(e.t)
	members = objects(o.Get(e.path("/members?sort=created_at&limit=200")).OK())
	invitations = objects(o.Get(e.path("/invitations?limit=200")).OK())
	departures = objects(o.Get(e.path("/departures?limit=200")).OK())
	slices.Reverse(invitations)
	slices.Reverse(departures)
	for _, known := range []struct {
		ids  *[]string
		list []map[string]any
	}{{&e.places, members}, {&e.invites, invitations}, {&e.leavings, departures}} {
		for _, item := range known.list {
			if found := item["id"].(string); !slices.Contains(*known.ids, found) {
				*known.ids = append(*known.ids, found)
			}
		}
	}
	for len(e.copies) < len(e.invites) {
		e.copies = append(e.copies, nil)
	}
	for len(e.digests) < len(e.leavings) {
		e.digests = append(e.digests, "")
	}
	return members, invitations, departures
}

func objects(a *servertest.Answer) (all []map[string]any) {
	for _, item := range a.List("items") {
		all = append(all, item.(map[string]any))
	}
	return all
}

// events gives the actions that were recorded since the last look. Their
// numbers have no gap.
func (e *engine) events() (actions []string) {
	list := objects(e.Operator(e.t).Get(e.path("/events?limit=30")).OK())
	slices.Reverse(list)
	for _, event := range list {
		seq := event["seq"].(float64)
		if seq <= e.seq {
			continue
		}
		if seq != e.seq+1 {
			e.t.Errorf("%s: event %v follows %v", e.name, seq, e.seq)
		}
		e.seq = seq
		actions = append(actions, event["action"].(string))
	}
	return actions
}

// shaky are fields that say when, or something that was made by chance.
var shaky = []string{
	"token", "digest", "url", "last_seen_at", "mail", "expires_at", "sent_at", "created_at", "closed_at", "registered_at", "deactivated_at", "applied_at", "undo_until",
	"chain_head", "signature", "key_id", "sessions_ended", "version", "proven_until", "hint", "last_used_at",
}

var identifier = regexp.MustCompile(`\b[a-z]{3}_[0-9a-z]{26}\b`)

// plain writes an answer so that those of two engines can be held against each
// other: identifiers by the order in which they came up, nothing shaky.
func (e *engine) plain(a *servertest.Answer) string {
	if len(a.Body) == 0 {
		return fmt.Sprint(a.Status)
	}
	var value any
	if err := json.Unmarshal(a.Body, &value); err != nil {
		e.t.Errorf("%s: %v in %s", e.name, err, a.Body)
	}
	raw, err := json.Marshal(steady(value))
	if err != nil {
		e.t.Error(err)
	}
	return fmt.Sprint(a.Status, " ", identifier.ReplaceAllStringFunc(string(raw), func(found string) string {
		if e.names[found] == "" {
			e.names[found] = fmt.Sprintf("%s%d", found[:4], len(e.names))
		}
		return e.names[found]
	}))
}

// steady leaves out what is shaky, and how many sessions a departure ends: when
// one was last used is written down a little late.
func steady(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range shaky {
			delete(v, name)
		}
		if token, ok := v["key"].(string); ok && strings.HasPrefix(token, "tk_") {
			delete(v, "key")
		}
		if v["kind"] == "sessions_ended" {
			delete(v, "count")
			delete(v, "detail")
		}
		for name := range v {
			v[name] = steady(v[name])
		}
	case []any:
		for i := range v {
			v[i] = steady(v[i])
		}
	}
	return v
}

// verify holds everything in the store against itself.
func (e *engine) verify() {
	report, err := server.Verify(context.Background(), server.Config{Database: e.Database})
	if err != nil || len(report.Defects) > 0 || report.Accounts == 0 {
		e.t.Errorf("%s: %v, %s", e.name, err, strings.Join(report.Defects, "\n"))
	}
	e.t.Logf("%s: %d accounts with %d events verified", e.name, report.Accounts, report.Events)
}

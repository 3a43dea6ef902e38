package matrix_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/role"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
	"tenure/internal/session"
	"tenure/internal/user"
)

// world is two accounts on one server, and a third that requires a second factor,
// with somebody of every kind in them and
// things to ask about.
type world struct {
	*servertest.Server
	operator *servertest.Client
	hash     user.Secret
	accounts map[string]string            // ours, theirs, missing
	modules  map[string]map[string]string // of each account, by key
	subs     map[string]map[string]string // of each account, by name
	people   map[string]person            // the callers who are made once
	things   map[string]thing             // the things that requests share which may change nothing
	n        int                          // how many names were made up
}

// person is somebody who can sign in.
type person struct {
	account, member, user, email string
	session, token               string
	key, keyID                   string
}

// thing is what a request names: the values of its placeholders.
type thing map[string]string

// none is an identifier of each kind that nobody has.
var none = thing{
	"account": "acc_00000000000000000000000000", "member": "mem_00000000000000000000000000", "invitation": "inv_00000000000000000000000000",
	"departure": "dep_00000000000000000000000000", "session": "ses_00000000000000000000000000", "module": "mod_00000000000000000000000000",
	"sub_account": "sub_00000000000000000000000000", "role": "nobodys", "type": "nobodys", "id": "0", "key": "key_00000000000000000000000000", "operator_key": "opk_0000000000000000", "invoice": "bil_00000000000000000000000000", "digest": strings.Repeat("0", 64),
}

// build makes the world. No mail goes out: what is written for it stays to be
// compared.
func build(t *testing.T, engine string) *world {
	t.Helper()
	w := &world{
		Server:   servertest.Start(t, engine, func(c *server.Config) { c.SMTP = "" }),
		accounts: map[string]string{"missing": none["account"]}, modules: map[string]map[string]string{}, subs: map[string]map[string]string{},
		people: map[string]person{}, things: map[string]thing{},
	}
	w.operator = w.Operator(t)
	var err error
	if w.hash, err = w.Parts().Hasher.Hash(t.Context(), servertest.Password); err != nil {
		t.Fatal(err)
	}
	for _, account := range []string{"ours", "theirs", "strict"} {
		w.found(t, account)
	}
	w.require(t, "strict", "required")
	return w
}

// found makes an account of the preset portal with the oracle's roles, two
// sub-accounts and somebody who stays its owner whatever happens.
func (w *world) found(t *testing.T, account string) {
	t.Helper()
	made := w.operator.Post("/v1/accounts", servertest.Map{"name": account, "preset": "portal",
		"owner": servertest.Map{"email": "founder@" + account + ".example", "first_name": "F", "last_name": "Ounder"}}).OK()
	acc := made.Text("account.id")
	w.accounts[account] = acc
	w.modules[account], w.subs[account] = map[string]string{}, map[string]string{}
	for _, module := range []string{"a", "b", "c", "closed"} {
		body := servertest.Map{"key": module, "name": "Module " + module, "admin_only": module == "closed"}
		w.modules[account][module] = w.operator.Post("/v1/accounts/"+acc+"/modules", body).OK().Text("id")
	}
	for _, sub := range []string{"s", "t"} {
		w.subs[account][sub] = w.operator.Post("/v1/accounts/"+acc+"/sub-accounts", servertest.Map{"name": sub}).OK().Text("id")
	}
	for _, kind := range []string{"made", "of" + account} {
		w.operator.Call("PUT", "/v1/accounts/"+acc+"/resource-types/"+kind, servertest.Map{"name": "Made", "on_leave": "leave"}).OK()
	}
	for key, r := range roles {
		w.addRole(t, acc, key, r)
	}
	w.operator.Post("/v1/accounts/"+acc+"/credits/purchases", servertest.Map{"amount": 1_000_000}).OK()
	w.operator.Put("/v1/accounts/"+acc+"/credits/price", servertest.Map{"price": 0}).OK()
	w.join(t, account, caller{role: "admin"})
}

// addRole makes a role that the preset has not.
func (w *world) addRole(t *testing.T, acc, key string, r rights) {
	t.Helper()
	if key == "admin" || key == "user" {
		return
	}
	modules, reach := "all", "all"
	if r.chosen {
		modules = "chosen"
	}
	if r.assigned {
		reach = "assigned"
	}
	held := slices.Clone(r.permissions)
	if held == nil {
		held = []string{}
	}
	w.housekeep(t, `INSERT INTO roles (account_id, role_key, name, role_rank, administers, permissions, reach, modules, billable) VALUES ($1, $2, $2, $3, $4, $5, $8, $6, $7)`,
		acc, key, r.rank, r.administers, db.JSON(held), modules, false, reach)
}

func (w *world) housekeep(t *testing.T, query string, args ...any) {
	t.Helper()
	if err := w.Parts().DB.Housekeep(t.Context(), func(tx *db.Tx) error { return tx.ExecOne(t.Context(), query, args...) }); err != nil {
		t.Fatal(err)
	}
}

// join makes somebody an active member with a session of their own.
func (w *world) join(t *testing.T, account string, c caller) person {
	t.Helper()
	return w.joinAs(t, account, c, w.address(t, c.role), "")
}

// address makes up an address.
func (w *world) address(t *testing.T, role string) address.Address {
	t.Helper()
	w.n++
	to, err := address.Parse(fmt.Sprintf("%s.%d@people.example", strings.NewReplacer(" ", ".", "_", ".").Replace(role), w.n))
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// joinAs gives somebody a place and a session in it; without a user they are
// new.
func (w *world) joinAs(t *testing.T, account string, c caller, to address.Address, who id.User) person {
	t.Helper()
	ctx, by, acc := t.Context(), access.BySystem(), id.Account(w.accounts[account])
	p := person{account: account, email: to.Written, user: string(who)}
	err := w.Parts().DB.Write(ctx, acc, func(tx *db.Tx) error {
		if who == "" {
			u, err := user.Create(ctx, tx, by, user.New{Email: to, Hash: w.hash, Locale: "en"})
			if err != nil {
				return err
			}
			p.user = string(u.ID)
		}
		m, err := member.Create(ctx, tx, by, member.New{Account: acc, Email: to, FirstName: "P", LastName: c.role, Role: c.role, Active: true, User: id.User(p.user),
			Modules: named[id.Module](w.modules[account], c.modules), SubAccounts: named[id.SubAccount](w.subs[account], c.subs)})
		if err != nil {
			return err
		}
		p.member = string(m.ID)
		return p.begin(ctx, tx, m)
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// begin starts a session of the person.
func (p *person) begin(ctx context.Context, tx *db.Tx, m member.Member) error {
	acc := tx.Account()
	held, err := role.Get(ctx, tx, acc, m.Role)
	if err != nil {
		return err
	}
	epoch, err := user.Epoch(ctx, tx, m.User)
	if err != nil {
		return err
	}
	started, err := session.Begin(ctx, tx, session.Beginning{Account: acc, Member: m.ID, User: m.User, UserEpoch: epoch, Role: held,
		UserAgent: "matrix", IP: "127.0.0.1", Email: m.Email, FirstName: m.FirstName, Locale: m.Locale})
	p.session, p.token = string(started.ID), started.Token
	return err
}

// another starts a second session of somebody, on another device.
func (w *world) another(t *testing.T, p person) person {
	t.Helper()
	acc := id.Account(w.accounts[p.account])
	err := w.Parts().DB.Write(t.Context(), acc, func(tx *db.Tx) error {
		m, err := member.Get(t.Context(), tx, acc, id.Member(p.member))
		if err != nil {
			return err
		}
		return p.begin(t.Context(), tx, m)
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// named gives the identifiers of what has the names.
func named[T ~string](ids map[string]string, names []string) []T {
	found := []T{}
	for _, name := range names {
		found = append(found, T(ids[name]))
	}
	return found
}

// as gives a client with the credentials of a caller; fresh makes somebody of
// the kind who was never there before.
func (w *world) as(t *testing.T, c caller, fresh bool) (*servertest.Client, person) {
	t.Helper()
	switch c.kind {
	case byOperator:
		return w.operator, person{}
	case byNobody:
		return w.without(t, c), person{}
	}
	p, known := w.people[c.name]
	if !known || fresh {
		p = w.make(t, c)
	}
	if !fresh {
		w.people[c.name] = p
	}
	switch c.name {
	case "administrator by cookie":
		return w.Nobody(t).With("Cookie", "tenure="+p.token), p
	case "administrator's cookie from another site":
		return w.Nobody(t).With("Cookie", "tenure="+p.token).With("Sec-Fetch-Site", "cross-site"), p
	}
	if c.kind == byKey {
		return w.Client(t, p.key), p
	}
	return w.Client(t, p.token), p
}

// without gives a client whose credentials never counted.
func (w *world) without(t *testing.T, c caller) *servertest.Client {
	t.Helper()
	switch c.name {
	case "nobody":
		return w.Nobody(t)
	case "a token nobody was given":
		return w.Client(t, "tn_"+w.accounts["ours"]+"_"+strings.Repeat("A", 43))
	case "an operator key nobody was given":
		return w.Client(t, "top_"+strings.Repeat("A", 43))
	case "an API key nobody was given":
		return w.Client(t, "tk_"+w.accounts["ours"]+"_"+strings.Repeat("A", 43))
	case "another scheme of credentials":
		return w.Nobody(t).With("Authorization", "Basic b3duZXI6cGFzc3dvcmQ=")
	}
	t.Fatalf("matrix: nobody knows how to be %q; say it in world_test.go", c.name)
	return nil
}

// make makes somebody of the kind, and then what happened to them.
func (w *world) make(t *testing.T, c caller) person {
	t.Helper()
	if c.kind == byKey {
		return w.makeKey(t, c)
	}
	p := w.join(t, c.account, c)
	for _, place := range c.places {
		to, err := address.Parse(p.email)
		if err != nil {
			t.Fatal(err)
		}
		w.joinAs(t, place, c, to, id.User(p.user))
	}
	if c.factor {
		w.setFactor(t, p)
	}
	if c.live && !c.old {
		return p
	}
	path := "/v1/accounts/" + w.accounts[c.account]
	switch c.name {
	case "long since they proved who they are":
		w.housekeep(t, `UPDATE sessions SET proved_at = proved_at - $2 WHERE session_id = $1`, p.session, (31 * time.Minute).Microseconds())
	case "suspended":
		w.operator.Post(path+"/members/"+p.member+"/suspend", nil).OK()
	case "inactive":
		w.leave(t, p, "deactivate")
	case "removed":
		w.leave(t, p, "remove")
	case "signed out":
		w.Client(t, p.token).Post("/v1/sign-out", nil).OK()
	case "unused for too long":
		w.housekeep(t, `UPDATE sessions SET last_seen_at = last_seen_at - $2 WHERE session_id = $1`, p.session, (31 * time.Minute).Microseconds())
	case "signed in for too long":
		w.housekeep(t, `UPDATE sessions SET created_at = created_at - $2 WHERE session_id = $1`, p.session, (13 * time.Hour).Microseconds())
	case "signed in before the password changed":
		w.Client(t, w.another(t, p).token).Post("/v1/me/password", servertest.Map{"current": servertest.Password, "new": "seven violet herons waiting"}).OK()
	default:
		t.Fatalf("matrix: nobody knows what happened to %q; say it in world_test.go", c.name)
	}
	return p
}

// makeKey makes somebody with an API key, and then what happened to it.
func (w *world) makeKey(t *testing.T, c caller) person {
	t.Helper()
	maker := c
	if c.live && !roles[c.role].administers { // who made it when they might, and was demoted
		maker = caller{role: "admin"}
	}
	p, path := w.join(t, c.account, maker), "/v1/accounts/"+w.accounts[c.account]
	w.require(t, c.account, "optional")
	made := w.Client(t, p.token).Post(path+"/api-keys", servertest.Map{"name": "Matrix", "permissions": c.scope}).OK()
	p.key, p.keyID = made.Text("key"), made.Text("id")
	if c.account == "strict" {
		w.require(t, c.account, "required")
	}
	switch c.name {
	case "key of somebody who was demoted", "key of a manager limited by both":
		body := servertest.Map{"role": c.role, "sub_accounts": named[string](w.subs[c.account], c.subs)}
		if len(c.modules) > 0 {
			body["modules"] = named[string](w.modules[c.account], c.modules)
		}
		w.operator.Patch(path+"/members/"+p.member, body).OK()
	case "key that was revoked":
		w.operator.Delete(path + "/api-keys/" + p.keyID).OK()
	case "key that ran out":
		w.housekeep(t, `UPDATE api_keys SET expires_at = created_at WHERE key_id = $1`, p.keyID)
	case "key of somebody suspended":
		w.operator.Post(path+"/members/"+p.member+"/suspend", nil).OK()
	case "key of somebody who left and is back":
		w.leave(t, p, "deactivate")
		w.operator.Post(path+"/members/"+p.member+"/activate", nil).OK()
	default:
		if !c.live {
			t.Fatalf("matrix: nobody knows what happened to %q; say it in world_test.go", c.name)
		}
	}
	return p
}

// require sets whether an account requires a second factor.
func (w *world) require(t *testing.T, account, mfa string) {
	t.Helper()
	w.operator.Patch("/v1/accounts/"+w.accounts[account], servertest.Map{"policy": servertest.Map{"mfa": mfa}}).OK()
}

// setFactor sets a second factor up.
func (w *world) setFactor(t *testing.T, p person) {
	t.Helper()
	client := w.Client(t, p.token)
	code, err := totp.GenerateCode(client.Post("/v1/me/totp", nil).OK().Text("secret"), w.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	client.Post("/v1/me/totp/confirm", servertest.Map{"code": code}).OK()
}

// leave lets somebody go.
func (w *world) leave(t *testing.T, p person, kind string) thing {
	t.Helper()
	plan := w.plan(t, p, kind)
	w.operator.Post("/v1/accounts/"+w.accounts[p.account]+"/departures/"+plan["departure"]+"/apply", servertest.Map{"digest": plan["digest"]}).OK()
	return plan
}

// plan plans that somebody leaves.
func (w *world) plan(t *testing.T, p person, kind string) thing {
	t.Helper()
	made := w.operator.Post("/v1/accounts/"+w.accounts[p.account]+"/departures", servertest.Map{"members": []string{p.member}, "kind": kind}).OK()
	return thing{"departure": made.Text("id"), "digest": made.Text("digest"), "member": p.member}
}

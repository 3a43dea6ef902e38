package matrix_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"tenure/internal/id"
	"tenure/internal/server/servertest"
)

// asksOf gives the ways in which a caller asks a row: about a thing of each rank,
// about one's own, in each account, and about what is foreign and what is
// missing.
func asksOf(r row, c caller) []ask {
	accounts := []string{""}
	if r.inAccount() {
		accounts = []string{"ours", "theirs", "missing"}
		if c.account == "strict" {
			accounts = append(accounts, "strict")
		}
	}
	var asks []ask
	for _, account := range accounts {
		things := []string{""}
		switch {
		case r.object == "":
		case account == "theirs", account == "strict":
			things = []string{"there"}
		case account == "missing":
			things = []string{"missing"}
		case !c.live: // whom no rank makes a difference for
			things = []string{r.owners()[0], "foreign", "missing"}
		default:
			things = r.things()
		}
		for _, thing := range things {
			asks = append(asks, ask{r, account, thing})
		}
	}
	return asks
}

// things are those of our account that a row is asked about.
func (r row) things() []string {
	switch r.object {
	case "member", "departure", "key":
		return append(r.owners(), "self", "foreign", "missing")
	case "session of a member":
		return append(r.owners(), "self", "foreign", "missing", "odd")
	case "my session", "module", "sub_account":
		return []string{"own", "foreign", "missing"}
	case "resource":
		return []string{"there", "self", "foreign", "missing"}
	case "invoice", "resource_type", "resource to assign", "resource that is assigned", "resource of somebody inactive", "resource in a sub-account":
		return []string{"there", "foreign", "missing"}
	case "operator key":
		return []string{"there", "missing"}
	default:
		return append(r.owners(), "foreign", "missing")
	}
}

func (r row) owners() []string {
	if r.object == "member with chosen modules" {
		return []string{"user", "picker"}
	}
	return append([]string{}, ranks...)
}

// thingOf gives the thing an ask is about. Who may change it gets one that was
// never there before.
func (w *world) thingOf(t *testing.T, a ask, by caller, who person, fresh bool) thing {
	t.Helper()
	switch {
	case a.object == "":
		return thing{}
	case a.thing == "missing":
		return none
	case a.thing == "self" && (by.kind != bySession && by.kind != byKey || !by.live || by.account != a.account):
		return w.shared(t, a, "ours", "junior", fresh) // nobody's own: any will do
	case a.thing == "self":
		return w.own(t, a, who, fresh)
	case a.object == "my session":
		return w.mySession(t, a, by, who, fresh)
	case a.thing == "foreign":
		return w.shared(t, a, "theirs", "junior", false)
	case a.thing == "there":
		return w.shared(t, a, a.account, "junior", fresh)
	case a.thing == "odd": // a session, but of somebody else
		odd := thing{}
		for name, value := range w.shared(t, a, "ours", "junior", false) {
			odd[name] = value
		}
		odd["session"] = w.shared(t, a, "ours", "peer", false)["session"]
		return odd
	default:
		return w.shared(t, a, a.account, a.thing, fresh)
	}
}

// shared gives a thing of the kind whose owner has the role: the one that all
// share, or a fresh one.
func (w *world) shared(t *testing.T, a ask, account, owner string, fresh bool) thing {
	t.Helper()
	name := account + "/" + a.object + "/" + owner
	if known, there := w.things[name]; there && !fresh {
		return known
	}
	made := w.thing(t, a.object, account, owner)
	if !fresh {
		w.things[name] = made
	}
	return made
}

// thing makes one.
func (w *world) thing(t *testing.T, kind, account, owner string) thing {
	t.Helper()
	path := "/v1/accounts/" + w.accounts[account]
	join := func() person { return w.join(t, account, caller{role: owner}) }
	w.n++
	n := strconv.Itoa(w.n)
	switch kind {
	case "member":
		return thing{"member": join().member}
	case "member with chosen modules":
		if owner == "junior" {
			owner = "user"
		}
		return thing{"member": w.join(t, account, caller{role: owner, modules: []string{"c"}}).member}
	case "session of a member":
		p := join()
		return thing{"member": p.member, "session": p.session}
	case "member who is inactive":
		return w.leave(t, join(), "deactivate")
	case "member who was added":
		added := w.operator.Post(path+"/members", servertest.Map{"first_name": "A", "last_name": "Dded", "email": "new" + n + "@new.example", "role": owner, "active": true}).OK()
		return thing{"member": added.Text("id")}
	case "invitation":
		sent := w.operator.Post(path+"/invitations", servertest.Map{"emails": []string{"new" + n + "@new.example"}, "role": owner}).OK()
		return thing{"invitation": sent.Text("results.0.invitation.id")}
	case "departure":
		return w.plan(t, join(), "deactivate")
	case "departure that was applied":
		return w.leave(t, join(), "deactivate")
	case "key":
		p := join()
		return thing{"member": p.member, "key": w.keyOf(t, p)}
	case "operator key":
		return thing{"operator_key": w.operator.Post("/v1/operator-keys", servertest.Map{"name": "Thing " + n}).OK().Text("id")}
	case "role":
		return thing{"role": w.operator.Post(path+"/roles", likeRole(owner, "Thing "+n)).OK().Text("key")}
	case "module":
		return thing{"module": w.operator.Post(path+"/modules", servertest.Map{"key": "thing" + n, "name": "Thing"}).OK().Text("id")}
	case "sub_account":
		return thing{"sub_account": w.operator.Post(path+"/sub-accounts", servertest.Map{"name": "Thing " + n}).OK().Text("id")}
	case "invoice":
		w.operator.Put(path+"/billing", servertest.Map{"price": 0, "currency": "EUR", "period": "month"}).OK()
		return thing{"invoice": w.operator.Get(path + "/invoices").OK().Text("items.0.id")}
	case "resource_type":
		return thing{"type": "of" + account}
	case "resource":
		return w.resource(t, account, n, servertest.Map{"name": "Thing"})
	case "resource in a sub-account":
		return w.resource(t, account, n, servertest.Map{"name": "Thing", "sub_account": w.subs[account]["s"]})
	case "resource to assign":
		return with(w.resource(t, account, n, servertest.Map{"name": "Thing"}), join())
	case "resource that is assigned", "resource of somebody inactive":
		made, p := w.resource(t, account, n, servertest.Map{"name": "Thing"}), join()
		w.operator.Call("PUT", path+"/resources/"+made["type"]+"/"+made["id"]+"/assignees/"+p.member, nil).OK()
		if kind == "resource of somebody inactive" {
			w.leave(t, p, "deactivate")
		}
		return with(made, p)
	}
	t.Fatalf("matrix: nobody knows how to make a %q; say it in thing_test.go", kind)
	return nil
}

// resource makes a resource of a type that only this account has.
func (w *world) resource(t *testing.T, account, n string, body servertest.Map) thing {
	t.Helper()
	made := thing{"type": "of" + account, "id": n}
	w.operator.Call("PUT", "/v1/accounts/"+w.accounts[account]+"/resources/"+made["type"]+"/"+n, body).OK()
	return made
}

func with(made thing, p person) thing {
	made["member"] = p.member
	return made
}

// keyOf makes a key that is somebody's, also of who may not make one.
func (w *world) keyOf(t *testing.T, p person) string {
	t.Helper()
	id := "key_" + strings.TrimPrefix(string(id.New[id.Member]()), "mem_")
	w.housekeep(t, `INSERT INTO api_keys (account_id, key_hash, key_id, member_id, name, hint, permissions, created_at) VALUES ($1, $2, $3, $4, 'Thing', 'mtrx', '["keys.manage"]', $5)`,
		w.accounts[p.account], []byte(id), id, p.member, w.Clock.Now().UnixMicro())
	return id
}

// own gives what is the caller's own.
func (w *world) own(t *testing.T, a ask, who person, fresh bool) thing {
	t.Helper()
	name := who.member + "/" + a.object
	if known, there := w.things[name]; there && !fresh {
		return known
	}
	made := w.ownThing(t, a, who)
	if !fresh {
		w.things[name] = made
	}
	return made
}

func (w *world) ownThing(t *testing.T, a ask, who person) thing {
	t.Helper()
	switch a.object {
	case "member":
		return thing{"member": who.member}
	case "session of a member":
		return thing{"member": who.member, "session": who.session}
	case "departure":
		return w.plan(t, who, "deactivate")
	case "key":
		return thing{"key": w.keyOf(t, who)}
	case "resource":
		w.n++
		return w.resource(t, who.account, strconv.Itoa(w.n), servertest.Map{"name": "Thing", "owner": who.member})
	}
	t.Fatalf("matrix: nobody has a %q of their own; say it in thing_test.go", a.object)
	return nil
}

// mySession gives another session of the caller, or for what is foreign one of
// somebody else.
func (w *world) mySession(t *testing.T, a ask, by caller, who person, fresh bool) thing {
	t.Helper()
	if a.thing == "foreign" || !fresh {
		return thing{"session": w.shared(t, ask{row: row{object: "session of a member"}}, "theirs", "junior", false)["session"]}
	}
	return thing{"session": w.another(t, who).session}
}

// values are what the placeholders of a request stand for.
func (w *world) values(t *testing.T, a ask, by caller, who person, about thing) map[string]string {
	t.Helper()
	w.n++
	values := map[string]string{
		"account": w.accounts[a.account], "n": fmt.Sprintf("%06d", w.n), "password": servertest.Password, "role": a.role, "now": w.Clock.Now().UTC().Format(time.RFC3339),
		"ours": w.accounts["ours"], "home": w.accounts["ours"], "self": none["member"], "path...": "", "type": "made", "id": fmt.Sprint(w.n), "record": "record" + strconv.Itoa(w.n), "digits": strconv.Itoa(w.n),
	}
	if who.member != "" {
		values["self"], values["home"] = who.member, w.accounts[who.account]
	}
	if a.note == "about somebody" {
		values["other"] = w.shared(t, ask{row: row{object: "member"}}, "ours", "junior", false)["member"]
	}
	values["given_module"] = w.given(a.module, w.modules, a.account, none["module"])
	values["given_sub"] = w.given(a.sub, w.subs, a.account, none["sub_account"])
	for name, value := range about {
		if name != "account" {
			values[name] = value
		}
	}
	return values
}

// given gives the identifier of what a body gives.
func (w *world) given(name string, of map[string]map[string]string, account, missing string) string {
	if account == "missing" {
		account = "ours"
	}
	switch name {
	case "no missing":
		return missing
	case "no foreign":
		for _, value := range of[map[string]string{"ours": "theirs", "theirs": "ours", "strict": "ours"}[account]] {
			return value
		}
		return missing
	default:
		return of[account][name]
	}
}

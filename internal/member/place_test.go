package member_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/role"
)

// house is an account with its roster, and what the roster asked of others.
type house struct {
	*member.Roster
	d       *db.DB
	account id.Account
	owner   access.Actor
	mu      sync.Mutex
	bound   []id.Member
	asked   []string
}

// build makes an account of the preset with one owner.
func build(t *testing.T, d *db.DB, preset string) *house {
	t.Helper()
	h := &house{d: d, account: id.New[id.Account]()}
	h.Roster = member.NewRoster(d, []holding.Holding{}, member.Ways{
		Bind: func(_ context.Context, _ *db.Tx, _ access.Actor, _ id.Account, m member.Member) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.bound = append(h.bound, m.ID)
			return nil
		},
		Unbind: func(access.Actor, id.Account, string, time.Time) db.Inquiry {
			return db.Inquiry{Then: func(context.Context, *db.Tx) error { return nil }}
		},
		RequestEmail: func(_ context.Context, _ *db.Tx, _ access.Actor, _ id.Account, _ member.Member, to address.Address) error {
			h.asked = append(h.asked, to.Key)
			return nil
		},
	})
	var owner member.Member
	err := d.Found(t.Context(), h.account, func(tx *db.Tx) error {
		a, err := account.Create(t.Context(), tx, access.BySystem(), account.New{ID: h.account, Name: "Acme", Preset: preset})
		if err != nil {
			return err
		}
		if err := role.Establish(t.Context(), tx, a); err != nil {
			return err
		}
		p, err := account.PresetOf(preset)
		if err != nil {
			return err
		}
		owner, err = h.come(t, tx, p.Administrator(), "owner@example.com")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.owner = h.actor(t, owner.ID)
	return h
}

// come makes a registered, active member inside a write.
func (h *house) come(t *testing.T, tx *db.Tx, role, email string, modules ...id.Module) (member.Member, error) {
	a, err := address.Parse(email)
	if err != nil {
		return member.Member{}, err
	}
	m, err := member.Create(t.Context(), tx, access.BySystem(), member.New{Account: h.account, Email: a, FirstName: "Jo", LastName: email, Locale: "en",
		Role: role, Modules: modules, Active: true})
	if err != nil {
		return m, err
	}
	return registered(t, tx, h.account, m)
}

// registered gives the place a user of its own.
func registered(t *testing.T, tx *db.Tx, account id.Account, m member.Member) (member.Member, error) {
	user := id.New[id.User]()
	if _, err := tx.Exec(t.Context(), `INSERT INTO users (user_id, email, email_key, created_at) VALUES ($1, $2, $3, $4)`,
		string(user), m.Email, m.EmailKey+string(user), db.Micros(tx.Now())); err != nil {
		return m, err
	}
	return member.Register(t.Context(), tx, access.BySystem(), account, m.ID, user, "", "")
}

func (h *house) join(t *testing.T, role, email string, modules ...id.Module) member.Member {
	t.Helper()
	var m member.Member
	if err := h.d.Write(t.Context(), h.account, func(tx *db.Tx) (err error) {
		m, err = h.come(t, tx, role, email, modules...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

func (h *house) actor(t *testing.T, m id.Member) (a access.Actor) {
	t.Helper()
	if err := h.d.Read(t.Context(), func(tx *db.Tx) (err error) {
		a, err = member.Actor(t.Context(), tx, h.account, m)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return a
}

func (h *house) modules(t *testing.T) map[string]id.Module {
	t.Helper()
	found := map[string]id.Module{}
	if err := h.d.Read(t.Context(), func(tx *db.Tx) error {
		all, err := account.ListModules(t.Context(), tx, h.account)
		for _, m := range all {
			found[m.Key] = m.ID
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if fault.Code(err) != code {
		t.Errorf("got %q (%v), want %q", fault.Code(err), err, code)
	}
}

func ptr[T any](v T) *T { return &v }

func TestAnAddedMemberWaitsForTheirPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "credits")
		m, err := h.Add(t.Context(), h.owner, h.account, member.Addition{FirstName: "Maria", LastName: "Jansen", Email: "Maria@Example.com", Active: true})
		if err != nil {
			t.Fatal(err)
		}
		if m.Status != member.Active || m.Registered() || m.Role != "user" || !slices.Equal(h.bound, []id.Member{m.ID}) {
			t.Errorf("member = %+v, bound = %v", m, h.bound)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := member.Actor(t.Context(), tx, h.account, m.ID)
			return err
		})
		wantCode(t, err, "unauthenticated")
		_, err = h.Add(t.Context(), h.owner, h.account, member.Addition{FirstName: "M", LastName: "J", Email: "maria@EXAMPLE.com", Active: true})
		wantCode(t, err, "email_taken")
		if _, err = h.Add(t.Context(), h.owner, h.account, member.Addition{FirstName: "M", LastName: "J", Email: "maria+2@example.com"}); err != nil {
			t.Errorf("an alias is another address: %v", err)
		}
		if len(h.bound) != 1 {
			t.Error("somebody who is added inactive was sent a mail")
		}
	})
}

func TestAnAdditionNamesItsWrongField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "credits")
		good := member.Addition{FirstName: "A", LastName: "B", Email: "a@example.com", Active: true}
		for field, spoil := range map[string]func(*member.Addition){
			"first_name": func(a *member.Addition) { a.FirstName = "  " },
			"last_name":  func(a *member.Addition) { a.LastName = "" },
			"email":      func(a *member.Addition) { a.Email = "a@b@c" },
			"phone":      func(a *member.Addition) { a.Phone = "call me" },
			"job_title":  func(a *member.Addition) { a.JobTitle = "a\x00b" },
			"locale":     func(a *member.Addition) { a.Locale = "xx" },
			"role":       func(a *member.Addition) { a.Role = "emperor" },
			"modules":    func(a *member.Addition) { a.Modules = []id.Module{id.New[id.Module]()} },
		} {
			a := good
			spoil(&a)
			_, err := h.Add(t.Context(), h.owner, h.account, a)
			if f := fault.As(err); f == nil || len(f.Fields) == 0 || f.Fields[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

// A place in a language that there is not got mails in another, or none.
func TestALanguageIsOneThatThereIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "credits")
		mine := func(locale string) error {
			return d.Write(t.Context(), h.account, func(tx *db.Tx) error {
				_, err := member.EditProfile(t.Context(), tx, h.owner, h.account, h.owner.Member, member.Patch{Locale: &locale})
				return err
			})
		}
		for _, wrong := range []string{"", "xx", "NL", "nl-BE", "en; DROP"} {
			err := mine(wrong)
			if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Field != "locale" {
				t.Errorf("one's own %q: %v", wrong, err)
			}
			_, err = h.Change(t.Context(), h.owner, h.account, h.owner.Member, member.Patch{Locale: &wrong}, 0)
			if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Field != "locale" {
				t.Errorf("somebody's %q: %v", wrong, err)
			}
		}
		if err := mine("nl"); err != nil {
			t.Fatal(err)
		}
		for i, c := range []struct {
			by           access.Actor
			asked, given string
		}{
			{h.owner, "", "nl"}, {h.owner, "en", "en"}, {access.Actor{Kind: access.Operator, Key: "key_op"}, "", "en"},
		} {
			m, err := h.Add(t.Context(), c.by, h.account, member.Addition{FirstName: "A", LastName: "B", Email: fmt.Sprintf("a%d@example.com", i), Locale: c.asked})
			if err != nil || m.Locale != c.given {
				t.Errorf("%q gave %q, %v", c.asked, m.Locale, err)
			}
		}
		a, err := address.Parse("bare@example.com")
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Write(t.Context(), h.account, func(tx *db.Tx) error {
			m, err := member.Create(t.Context(), tx, access.BySystem(), member.New{Account: h.account, Email: a, Role: "user"})
			if m.Locale != "en" {
				t.Errorf("none gave %q", m.Locale)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestModulesFollowTheRole_W3_W4(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "portal")
		mods := h.modules(t)
		jo := h.join(t, "user", "jo@example.com", mods["reports"])
		if got := h.actor(t, jo.ID).Modules; !slices.Equal(got, []id.Module{mods["reports"]}) {
			t.Errorf("modules = %v", got)
		}
		_, err := h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Modules: &[]id.Module{}}, 0)
		wantCode(t, err, "module_required")
		_, err = h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Modules: &[]id.Module{mods["pricing"]}}, 0)
		wantCode(t, err, "module_admin_only")
		_, err = h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Modules: &[]id.Module{id.New[id.Module]()}}, 0)
		wantCode(t, err, "invalid")
		if _, err = h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Role: ptr("admin"), Modules: &[]id.Module{}}, 0); err != nil {
			t.Fatal(err)
		}
		if got := h.actor(t, jo.ID); len(got.Modules) != len(mods) || !got.Holds(access.MembersManage) {
			t.Errorf("an administrator opens %d of %d modules", len(got.Modules), len(mods))
		}
	})
}

func TestAModuleMadeAdminOnlyIsLostByWhoHadIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "portal")
		mods := h.modules(t)
		jo := h.join(t, "user", "jo@example.com", mods["reports"], mods["inbox"])
		if _, err := account.NewRegister(d).ChangeModule(t.Context(), h.owner, h.account, mods["reports"], account.ModulePatch{AdminOnly: ptr(true)}, 0); err != nil {
			t.Fatal(err)
		}
		if got := h.actor(t, jo.ID).Modules; !slices.Equal(got, []id.Module{mods["inbox"]}) {
			t.Errorf("modules = %v", got)
		}
		wantCode(t, account.NewRegister(d).DropModule(t.Context(), h.owner, h.account, mods["inbox"], 0), "in_use")
		if err := account.NewRegister(d).DropModule(t.Context(), h.owner, h.account, mods["templates"], 0); err != nil {
			t.Error(err)
		}
	})
}

func TestWhoHasNoPermissionChangesNobody_S3(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		jo, ann := h.join(t, "member", "jo@example.com"), h.join(t, "member", "ann@example.com")
		actor := h.actor(t, jo.ID)
		_, err := h.Change(t.Context(), actor, h.account, ann.ID, member.Patch{FirstName: ptr("X")}, 0)
		wantCode(t, err, "forbidden")
		_, err = h.Change(t.Context(), actor, h.account, jo.ID, member.Patch{Role: ptr("owner")}, 0)
		wantCode(t, err, "forbidden")
		_, err = h.Add(t.Context(), actor, h.account, member.Addition{FirstName: "A", LastName: "B", Email: "c@example.com"})
		wantCode(t, err, "forbidden")
		_, _, err = h.List(t.Context(), actor, h.account, member.Filter{})
		wantCode(t, err, "forbidden")
		_, err = h.Get(t.Context(), actor, h.account, jo.ID)
		if err != nil {
			t.Errorf("one's own place: %v", err)
		}
	})
}

func TestAnotherAccountAnswersLikeNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ours, theirs := build(t, d, "team"), build(t, d, "team")
		foreign := theirs.join(t, "member", "jo@example.com")
		missing := id.New[id.Member]()
		for _, m := range []id.Member{foreign.ID, missing} {
			_, err := ours.Get(t.Context(), ours.owner, ours.account, m)
			wantCode(t, err, "not_found")
			_, err = ours.Change(t.Context(), ours.owner, ours.account, m, member.Patch{FirstName: ptr("X")}, 0)
			wantCode(t, err, "not_found")
		}
		_, err := ours.Get(t.Context(), ours.owner, theirs.account, foreign.ID)
		wantCode(t, err, "not_found")
	})
}

func TestTheLastOwnerCannotStepDown_S4(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		_, err := h.Change(t.Context(), h.owner, h.account, h.owner.Member, member.Patch{Role: ptr("member")}, 0)
		wantCode(t, err, "last_owner")
		jo := h.join(t, "member", "jo@example.com")
		if _, err = h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Role: ptr("owner")}, 0); err != nil {
			t.Fatal(err)
		}
		if _, err = h.Change(t.Context(), h.owner, h.account, h.owner.Member, member.Patch{Role: ptr("member")}, 0); err != nil {
			t.Errorf("stepping down beside another owner: %v", err)
		}
		_, err = h.Change(t.Context(), h.actor(t, jo.ID), h.account, jo.ID, member.Patch{Role: ptr("member")}, 0)
		wantCode(t, err, "last_owner")
	})
}

func TestAnOwnerWhoNeverCameInIsNoOwner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		if _, err := h.Add(t.Context(), h.owner, h.account, member.Addition{FirstName: "A", LastName: "B", Email: "a@example.com", Role: "owner", Active: true}); err != nil {
			t.Fatal(err)
		}
		_, err := h.Change(t.Context(), h.owner, h.account, h.owner.Member, member.Patch{Role: ptr("member")}, 0)
		wantCode(t, err, "last_owner")
	})
}

func TestConcurrentDemotionsLeaveAnOwner_Langfuse13530(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		owners := []id.Member{h.owner.Member}
		for i := range 31 {
			owners = append(owners, h.join(t, "owner", fmt.Sprintf("o%d@example.com", i)).ID)
		}
		var wait sync.WaitGroup
		results := make([]error, len(owners))
		for i, m := range owners {
			wait.Go(func() {
				operator := access.Actor{Kind: access.Operator, Key: "key_op"}
				_, results[i] = h.Change(t.Context(), operator, h.account, m, member.Patch{Role: ptr("member")}, 0)
			})
		}
		wait.Wait()
		refused := 0
		for _, err := range results {
			if err != nil {
				wantCode(t, err, "last_owner")
				refused++
			}
		}
		left := 0
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			left, err = member.Owners(t.Context(), tx, h.account)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if left != 1 || refused != 1 {
			t.Errorf("%d owners left, %d refused", left, refused)
		}
	})
}

func TestNobodyActsAboveTheirRank(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		if err := d.Write(t.Context(), h.account, func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `INSERT INTO roles (account_id, role_key, name, role_rank, administers, permissions, reach, modules, billable)
				VALUES ($1, 'lead', 'Lead', 50, $2, '["members.manage","members.read"]', 'all', 'all', $2)`, string(h.account), false); err != nil {
				return err
			}
			return audit.Record(t.Context(), tx, access.BySystem(), audit.Event{Action: "role.create", Subject: audit.Ref{Kind: "role", ID: "lead"}})
		}); err != nil {
			t.Fatal(err)
		}
		lead, peer, jo := h.join(t, "lead", "lead@example.com"), h.join(t, "lead", "peer@example.com"), h.join(t, "member", "jo@example.com")
		actor := h.actor(t, lead.ID)
		for _, c := range []struct {
			name   string
			member id.Member
			patch  member.Patch
			code   string
		}{
			{"below", jo.ID, member.Patch{FirstName: ptr("X")}, ""},
			{"a peer", peer.ID, member.Patch{FirstName: ptr("X")}, "rank_exceeded"},
			{"above", h.owner.Member, member.Patch{FirstName: ptr("X")}, "rank_exceeded"},
			{"lift to one's own rank", jo.ID, member.Patch{Role: ptr("lead")}, "rank_exceeded"},
			{"lift above", jo.ID, member.Patch{Role: ptr("owner")}, "rank_exceeded"},
			{"lift oneself", lead.ID, member.Patch{Role: ptr("owner")}, "rank_exceeded"},
		} {
			_, err := h.Change(t.Context(), actor, h.account, c.member, c.patch, 0)
			if fault.Code(err) != c.code {
				t.Errorf("%s: got %v, want %q", c.name, err, c.code)
			}
		}
	})
}

func TestAStaleChangeIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		jo := h.join(t, "member", "jo@example.com")
		changed, err := h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{JobTitle: ptr("Editor")}, jo.Version)
		if err != nil || changed.Version != jo.Version+1 {
			t.Fatal(changed.Version, err)
		}
		_, err = h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{JobTitle: ptr("Chief")}, jo.Version)
		wantCode(t, err, "stale")
	})
}

func TestAnAddressIsAskedOfTheNewMailbox_F7(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		jo := h.join(t, "member", "jo@example.com")
		m, err := h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Email: ptr("new@example.com")}, 0)
		if err != nil || m.Email != "jo@example.com" || !slices.Equal(h.asked, []string{"new@example.com"}) {
			t.Errorf("%v %v %v", m.Email, h.asked, err)
		}
		_, err = h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Email: ptr("OWNER@example.com")}, 0)
		wantCode(t, err, "email_taken")
	})
}

// A login that is handed on takes the first person's history along.
func TestANewNameWithANewAddressIsAskedAbout_F7(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, "team")
		name, email := member.Patch{FirstName: ptr("Piet"), LastName: ptr("Pol")}, func(to string) member.Patch { return member.Patch{Email: ptr(to)} }
		both := member.Patch{LastName: ptr("Pol"), Email: ptr("piet@example.com")}
		sure := both
		sure.SamePerson = true
		change := func(who member.Member, p member.Patch, code string) {
			t.Helper()
			before, err := h.Get(t.Context(), h.owner, h.account, who.ID)
			if err != nil {
				t.Fatal(err)
			}
			asked := len(h.asked)
			_, err = h.Change(t.Context(), h.owner, h.account, who.ID, p, 0)
			wantCode(t, err, code)
			after, err := h.Get(t.Context(), h.owner, h.account, who.ID)
			if err != nil || (code != "" && (len(h.asked) != asked || !reflect.DeepEqual(after, before))) {
				t.Errorf("refused and changed: %+v, %v, %v", after, h.asked, err)
			}
		}
		change(h.join(t, "member", "at-once@example.com"), both, "identity_swap")
		change(h.join(t, "member", "the-same@example.com"), sure, "")

		renamed := h.join(t, "member", "renamed@example.com")
		change(renamed, name, "")
		change(renamed, email("piet2@example.com"), "identity_swap")
		change(renamed, email("RENAMED@example.com"), "") // it is written in another way
		change(renamed, member.Patch{FirstName: &renamed.FirstName, LastName: &renamed.LastName}, "")
		change(renamed, email("renamed2@example.com"), "") // the name is as it was

		later := h.join(t, "member", "later@example.com")
		change(later, name, "")
		clock.Add(7*24*time.Hour + time.Second)
		change(later, email("later2@example.com"), "")
		change(later, member.Patch{JobTitle: ptr("Editor")}, "")
	})
}

// A session left open would be enough to take somebody's identity along.
func TestOnesOwnAddressIsNotChangedAsSomebodyElses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		_, err := h.Change(t.Context(), h.owner, h.account, h.owner.Member, member.Patch{Email: ptr("new@example.com"), FirstName: ptr("Mine")}, 0)
		wantCode(t, err, "forbidden")
		m, err := h.Get(t.Context(), h.owner, h.account, h.owner.Member)
		if err != nil || m.FirstName == "Mine" || len(h.asked) > 0 {
			t.Errorf("%+v %v %v", m, h.asked, err)
		}
		_, err = h.Change(t.Context(), h.owner, h.account, h.owner.Member, member.Patch{Email: ptr("OWNER@example.com"), FirstName: ptr("Mine")}, 0)
		wantCode(t, err, "")
	})
}

func TestManyAreChangedEachOnTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		jo, ann := h.join(t, "member", "jo@example.com"), h.join(t, "owner", "ann@example.com")
		verdicts, err := h.ChangeMany(t.Context(), h.owner, h.account, []id.Member{jo.ID, ann.ID, id.New[id.Member](), h.owner.Member}, member.Patch{Role: ptr("owner")})
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, v := range verdicts {
			got = append(got, v.Verdict)
		}
		if !slices.Equal(got, []string{"changed", "unchanged", "not_found", "unchanged"}) {
			t.Errorf("verdicts = %v", got)
		}
	})
}

func TestWhoIsNotActiveHasNoRights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		for _, move := range []member.Move{member.Suspend, member.Deactivate, member.Remove, member.Delete} {
			m := h.join(t, "member", string(move)+"@example.com")
			if err := d.Write(t.Context(), h.account, func(tx *db.Tx) error {
				_, err := member.Go(t.Context(), tx, h.owner, h.account, m, move)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := member.Actor(t.Context(), tx, h.account, m.ID)
				return err
			})
			wantCode(t, err, "unauthenticated")
		}
	})
}

func TestAnAdministratorNeedsNoChosenModules(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "portal")
		mods := h.modules(t)
		jo := h.join(t, "user", "jo@example.com", mods["reports"])
		m, err := h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Role: ptr("admin")}, 0)
		if err != nil || len(m.Modules) != 0 || m.Role != "admin" {
			t.Errorf("promoted: %+v, %v", m, err)
		}
		_, err = h.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Role: ptr("user")}, 0)
		wantCode(t, err, "module_required")
	})
}

func TestAPreviewRefusesWhatTheChangeWould(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		_, _, err := h.Preview(t.Context(), h.owner, h.account, h.owner.Member, member.Patch{Role: ptr("member")})
		wantCode(t, err, "last_owner")
		jo := h.join(t, "member", "jo@example.com")
		if _, _, err := h.Preview(t.Context(), h.owner, h.account, jo.ID, member.Patch{Role: ptr("owner")}); err != nil {
			t.Error(err)
		}
		if a := h.actor(t, jo.ID); a.Role.Key != "member" {
			t.Error("a preview changed something")
		}
	})
}

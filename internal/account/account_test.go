package account_test

import (
	"strings"
	"testing"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/role"
)

var operator = access.Actor{Kind: access.Operator, Key: "key_op"}

func found(t *testing.T, d *db.DB, preset string) id.Account {
	t.Helper()
	acc := id.New[id.Account]()
	if err := d.Found(t.Context(), acc, func(tx *db.Tx) error {
		a, err := account.Create(t.Context(), tx, operator, account.New{ID: acc, Name: "Acme", Preset: preset})
		if err == nil {
			err = role.Establish(t.Context(), tx, a)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return acc
}

func ptr[T any](v T) *T { return &v }

func TestEveryPresetKeepsItsPromises(t *testing.T) {
	for _, p := range account.Presets() {
		administering, lower := 0, 0
		for _, r := range p.Roles {
			if r.Administers {
				administering++
				if r.Rank != 100 {
					t.Errorf("%s: %s administers with rank %d", p.Name, r.Key, r.Rank)
				}
			} else {
				lower++
			}
		}
		if administering != 1 || lower == 0 {
			t.Errorf("%s: %d roles administer, %d do not", p.Name, administering, lower)
		}
		if len(p.Policy.DepartureKinds) == 0 || p.Policy.InvitationTTL == 0 || p.Policy.UndoWindow != 24*60*60 {
			t.Errorf("%s: policy %+v", p.Name, p.Policy)
		}
	}
	ttl := map[string]account.Seconds{}
	for _, p := range account.Presets() {
		ttl[p.Name] = p.Policy.InvitationTTL
	}
	const day = 24 * 60 * 60
	if ttl["portal"] != 7*day || ttl["team"] != 2*day || ttl["cases"] != 30*day || ttl["credits"] != 7*day {
		t.Errorf("lives of invitations: %v", ttl)
	}
}

func TestAnAccountBeginsWithItsPreset(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, p := range account.Presets() {
			acc := found(t, d, p.Name)
			if err := d.Read(t.Context(), func(tx *db.Tx) error {
				a, err := account.Get(t.Context(), tx, acc)
				if err != nil {
					return err
				}
				roles, err := role.List(t.Context(), tx, acc)
				if err != nil {
					return err
				}
				modules, err := account.ListModules(t.Context(), tx, acc)
				if a.Preset != p.Name || len(roles) != len(p.Roles) || len(modules) != len(p.Modules) || !a.Policy.Offers(p.Policy.DepartureKinds[0]) {
					t.Errorf("%s: %+v, %d roles, %d modules", p.Name, a, len(roles), len(modules))
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		err := d.Found(t.Context(), id.New[id.Account](), func(tx *db.Tx) error {
			_, err := account.Create(t.Context(), tx, operator, account.New{ID: tx.Account(), Name: "X", Preset: "nope"})
			return err
		})
		if fault.Code(err) != "invalid" {
			t.Errorf("an unknown preset: %v", err)
		}
	})
}

func TestAPolicyThatMakesNoSenseIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acc := found(t, d, "portal")
		register := account.NewRegister(d)
		for field, spoil := range map[string]func(*account.Policy){
			"policy.invitation_ttl":   func(p *account.Policy) { p.InvitationTTL = 1 },
			"policy.undo_window":      func(p *account.Policy) { p.UndoWindow = -1 },
			"policy.session_idle":     func(p *account.Policy) { p.SessionIdle = ptr(account.Seconds(5)) },
			"policy.session_absolute": func(p *account.Policy) { p.SessionAbsolute = ptr(account.Seconds(1 << 60)) },
			"policy.departure_kinds":  func(p *account.Policy) { p.DepartureKinds = []string{"deactivate", "deactivate"} },
			"policy.access_ends":      func(p *account.Policy) { p.AccessEnds = "never" },
			"policy.mfa":              func(p *account.Policy) { p.MFA = "sometimes" },
			"policy.email_domains":    func(p *account.Policy) { p.EmailDomains = []string{"not a domain"} },
		} {
			_, err := register.Update(t.Context(), operator, acc, account.Patch{Policy: func(p account.Policy) account.Policy {
				spoil(&p)
				return p
			}}, 0)
			if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		a, err := register.Get(t.Context(), operator, acc)
		if err != nil || a.Version != 1 || a.Epoch != 1 {
			t.Errorf("something changed: %+v %v", a, err)
		}
	})
}

func TestAChangeRaisesTheEpochAndIsRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acc := found(t, d, "portal")
		register := account.NewRegister(d)
		a, err := register.Update(t.Context(), operator, acc, account.Patch{Name: ptr(" Acme  Ltd "), Accent: ptr("#0A6B5D"),
			Policy: func(p account.Policy) account.Policy {
				p.EmailDomains = []string{"Example.COM", "bücher.example", "example.com"}
				return p
			}}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if a.Version != 2 || a.Accent != "#0a6b5d" || len(a.Policy.EmailDomains) != 2 {
			t.Errorf("account = %+v", a)
		}
		_, err = register.Update(t.Context(), operator, acc, account.Patch{Name: ptr("Other")}, 1)
		if fault.Code(err) != "stale" {
			t.Errorf("an old version: %v", err)
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			entries, err := audit.List(t.Context(), tx, acc, audit.Filter{Action: "account.update", Limit: 10})
			if len(entries) != 1 || entries[0].Changes["accent"][1] != "#0a6b5d" || entries[0].Actor.Kind != "operator" {
				t.Errorf("events = %+v", entries)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		again, err := register.Get(t.Context(), operator, acc)
		if err != nil || again.Epoch != 2 {
			t.Errorf("epoch = %d, %v", again.Epoch, err)
		}
	})
}

func TestWhoDoesNotManageTheAccountChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acc := found(t, d, "portal")
		register := account.NewRegister(d)
		jo := access.Actor{Kind: access.Member, Account: acc, Member: "mem_jo"}
		stranger := access.Actor{Kind: access.Member, Account: "acc_other", Member: "mem_x", Role: access.Role{Administers: true, Rank: 100}}
		for name, c := range map[string]struct {
			actor access.Actor
			code  string
		}{"a user": {jo, "forbidden"}, "another account's administrator": {stranger, "not_found"}, "nobody": {access.Actor{}, "unauthenticated"}} {
			_, err := register.Update(t.Context(), c.actor, acc, account.Patch{Name: ptr("X")}, 0)
			_, err2 := register.NewModule(t.Context(), c.actor, acc, account.Module{Key: "x", Name: "X"})
			_, err3 := register.NewSubAccount(t.Context(), c.actor, acc, "X")
			for _, e := range []error{err, err2, err3} {
				if fault.Code(e) != c.code {
					t.Errorf("%s: got %v, want %s", name, e, c.code)
				}
			}
		}
	})
}

func TestSubAccountsHaveNamesOfTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acc := found(t, d, "portal")
		register := account.NewRegister(d)
		north, err := register.NewSubAccount(t.Context(), operator, acc, "North")
		if err != nil {
			t.Fatal(err)
		}
		if _, err = register.NewSubAccount(t.Context(), operator, acc, "nörth"); fault.Code(err) != "sub_account_exists" {
			t.Errorf("the same name in other letters: %v", err)
		}
		south, err := register.NewSubAccount(t.Context(), operator, acc, "South")
		if err != nil {
			t.Fatal(err)
		}
		if _, err = register.RenameSubAccount(t.Context(), operator, acc, south.ID, "NORTH", 0); fault.Code(err) != "sub_account_exists" {
			t.Errorf("renamed onto another: %v", err)
		}
		if s, err := register.RenameSubAccount(t.Context(), operator, acc, north.ID, "NORTH", north.Version); err != nil || s.Name != "NORTH" {
			t.Errorf("another spelling of one's own name: %+v %v", s, err)
		}
		if err = register.DropSubAccount(t.Context(), operator, acc, south.ID, 0); err != nil {
			t.Error(err)
		}
		if err = register.DropSubAccount(t.Context(), operator, acc, south.ID, 0); fault.Code(err) != "not_found" {
			t.Errorf("dropped twice: %v", err)
		}
	})
}

func TestOnlySmallPicturesAreLogos(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acc := found(t, d, "team")
		register := account.NewRegister(d)
		for _, bad := range []string{"https://example.com/x.png", "data:image/svg+xml;base64,PHN2Zz4=", "data:image/png;base64,!!", "data:image/png;base64," + strings.Repeat("A", 100<<10)} {
			if _, err := register.Update(t.Context(), operator, acc, account.Patch{Logo: &bad}, 0); fault.Code(err) != "invalid" {
				t.Errorf("%.40s: %v", bad, err)
			}
		}
		if _, err := register.Update(t.Context(), operator, acc, account.Patch{Logo: ptr("data:image/png;base64,iVBORw0KGgo=")}, 0); err != nil {
			t.Error(err)
		}
	})
}

func TestThePolicySaysWhoIsAdmitted(t *testing.T) {
	for _, c := range []struct {
		policy account.Policy
		email  string
		code   string
	}{
		{account.Policy{}, "jo@example.com", ""},
		{account.Policy{}, "jo@mailinator.com", "disposable"},
		{account.Policy{DisposableAllowed: true}, "jo@mailinator.com", ""},
		{account.Policy{EmailDomains: []string{"acme.example"}}, "jo@acme.example", ""},
		{account.Policy{EmailDomains: []string{"acme.example"}}, "jo@evil-acme.example", "domain_not_allowed"},
		{account.Policy{EmailDomains: []string{"acme.example"}}, "jo@sub.acme.example", "domain_not_allowed"},
	} {
		a, err := address.Parse(c.email)
		if err != nil {
			t.Fatal(err)
		}
		code := ""
		if f := fault.As(c.policy.Admits(a)); f != nil {
			code = f.Fields[0].Code
		}
		if code != c.code {
			t.Errorf("%s: got %q, want %q", c.email, code, c.code)
		}
	}
}

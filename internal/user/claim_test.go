package user_test

import (
	"context"
	"errors"
	"testing"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/role"
	"tenure/internal/user"
)

const passphrase = "lanterns drift over seven quiet harbours"

// office is where addresses are claimed, with one identity that has a password.
type office struct {
	t       *testing.T
	db      *db.DB
	claims  *user.Claims
	account id.Account
	to      address.Address
	owner   user.User
	// says is what authenticating answers; nil looks at the password.
	says func() (user.User, error)
}

func inOffice(t *testing.T, fn func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		hasher := user.NewHasher(cheap)
		o := &office{t: t, db: d, account: id.New[id.Account](), to: parsed(t, "Ann@example.com")}
		o.claims = user.NewClaims(hasher, func(ctx context.Context, _, password string) (user.User, error) {
			if o.says != nil {
				return o.says()
			}
			right, err := hasher.Verify(ctx, o.owner.PasswordHash, password)
			if err == nil && !right {
				err = fault.BadCredentials()
			}
			return o.owner, err
		})
		hash, err := hasher.Hash(t.Context(), passphrase)
		if err != nil {
			t.Fatal(err)
		}
		must(t, d.Found(t.Context(), o.account, func(tx *db.Tx) error {
			a, err := account.Create(t.Context(), tx, access.BySystem(), account.New{ID: o.account, Name: "Acme", Preset: "team"})
			if err != nil {
				return err
			}
			if err := role.Establish(t.Context(), tx, a); err != nil {
				return err
			}
			o.owner, err = user.Create(t.Context(), tx, access.BySystem(), user.New{Email: o.to, Hash: hash, Locale: "en"})
			return err
		}))
		fn(t, o)
	})
}

// settle settles a claim and undoes it.
func (o *office) settle(c user.Claim) (u user.User, settled error) {
	o.t.Helper()
	undone := errors.New("undone")
	err := o.db.Write(o.t.Context(), o.account, func(tx *db.Tx) error {
		u, settled = c.Settle(o.t.Context(), tx, access.BySystem(), "en")
		return undone
	})
	if !errors.Is(err, undone) {
		o.t.Fatal(err)
	}
	return u, settled
}

// change changes the identity behind the address.
func (o *office) change(fn func(tx *db.Tx) (user.User, error)) {
	o.t.Helper()
	must(o.t, o.db.WriteUser(o.t.Context(), o.owner.ID, func(tx *db.Tx) error {
		_, err := fn(tx)
		return err
	}))
}

func TestAClaimOfAKnownAddressNeedsItsPasswordOrItsSession(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		_, err := o.claims.Prove(t.Context(), access.Actor{}, o.to, &o.owner, "quite another long passphrase")
		if fault.Code(err) != "bad_credentials" {
			t.Errorf("with another password: %v", err)
		}
		other := access.Actor{Kind: access.Member, User: id.New[id.User]()}
		if _, err := o.claims.Prove(t.Context(), other, o.to, &o.owner, ""); fault.Code(err) != "invalid" {
			t.Errorf("signed in as somebody else: %v", err)
		}
		self := access.Actor{Kind: access.Member, User: o.owner.ID}
		for actor, password := range map[*access.Actor]string{{}: passphrase, &self: ""} {
			claim, err := o.claims.Prove(t.Context(), *actor, o.to, &o.owner, password)
			must(t, err)
			if u, err := o.settle(claim); err != nil || u != o.owner || claim.Owner() != o.owner.ID {
				t.Errorf("settled as %+v, %v", u, err)
			}
		}
	})
}

func TestAClaimOfAnUnknownAddressMakesAnIdentity(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		to := parsed(t, "bob.longname@example.com")
		for _, weak := range []string{"short", "Bob.Longname@example.com", "acme acme acme acme"} {
			if _, err := o.claims.Prove(t.Context(), access.Actor{}, to, nil, weak, "Acme"); fault.Code(err) != "weak_password" {
				t.Errorf("%q: %v", weak, err)
			}
		}
		claim, err := o.claims.Prove(t.Context(), access.Actor{}, to, nil, passphrase, "Acme")
		must(t, err)
		if u, err := o.settle(claim); err != nil || u.EmailKey != to.Key || u.PasswordHash == "" || claim.Owner() != "" {
			t.Errorf("settled as %+v, %v", u, err)
		}
	})
}

func TestAClaimDoesNotOutliveWhatWasProved(t *testing.T) {
	for name, change := range map[string]func(o *office, tx *db.Tx) (user.User, error){
		"password changed": func(o *office, tx *db.Tx) (user.User, error) {
			return user.SetPassword(o.t.Context(), tx, access.BySystem(), o.owner, o.owner.PasswordHash, true, user.Changed)
		},
		"address changed": func(o *office, tx *db.Tx) (user.User, error) {
			return user.ChangeEmail(o.t.Context(), tx, access.BySystem(), o.owner, parsed(o.t, "ann.new@example.com"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, o *office) {
				claim, err := o.claims.Prove(t.Context(), access.Actor{}, o.to, &o.owner, passphrase)
				must(t, err)
				o.change(func(tx *db.Tx) (user.User, error) { return change(o, tx) })
				if _, err := o.settle(claim); !errors.Is(err, user.ErrMoved) {
					t.Errorf("settled: %v", err)
				}
			})
		})
	}
}

func TestAnIdentityMadeMeanwhileIsNotOverwritten(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		late, err := o.claims.Prove(t.Context(), access.Actor{}, o.to, nil, "quite another long passphrase")
		must(t, err)
		if _, err := o.settle(late); !errors.Is(err, user.ErrMoved) {
			t.Errorf("settled: %v", err)
		}
		o.says = func() (user.User, error) { return user.User{ID: id.New[id.User]()}, nil }
		if _, err := o.claims.Prove(t.Context(), access.Actor{}, o.to, &o.owner, passphrase); !errors.Is(err, user.ErrMoved) {
			t.Errorf("the address is somebody else's by now: %v", err)
		}
	})
}

func TestAClaimIsTriedThreeTimesWhileTheIdentityMoves(t *testing.T) {
	for moves, want := range map[int]string{0: "", 2: "", 3: "unavailable"} {
		tries := 0
		err := user.Persist(func() error {
			if tries++; tries <= moves {
				return user.ErrMoved
			}
			return nil
		})
		if fault.Code(err) != want || tries != min(moves+1, 3) {
			t.Errorf("after %d moves: %v in %d tries", moves, err, tries)
		}
	}
	refused := fault.BadCredentials()
	if err := user.Persist(func() error { return refused }); !errors.Is(err, refused) {
		t.Errorf("a refusal: %v", err)
	}
}

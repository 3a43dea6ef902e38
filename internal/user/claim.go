package user

import (
	"context"
	"errors"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Authenticate says whose address and password these are, as sign-in does: the
// same work, the same counting of failures. Faults: bad_credentials,
// too_many_attempts.
type Authenticate func(ctx context.Context, email, password string) (User, error)

// Claims settles who somebody is who has proved that an address is theirs, by a
// link or a code from its mailbox. That alone makes nobody an existing identity:
// they are signed in with it or give its password. An address that nobody has
// yet gets an identity with the password they choose.
type Claims struct {
	hasher       *Hasher
	authenticate Authenticate
}

// NewClaims makes the office where addresses are claimed.
func NewClaims(hasher *Hasher, authenticate Authenticate) *Claims {
	return &Claims{hasher, authenticate}
}

// Claim is a person as they have proved to be: an identity at an epoch or,
// without one, an address and the hash of the password that is wanted.
type Claim struct {
	address address.Address
	owner   id.User
	epoch   int64
	hash    Secret
	further Further
}

// Further is what an identity has to prove besides its password, inside the
// write that lets it in: it gives the user as they are after that.
type Further func(ctx context.Context, tx *db.Tx, u User) (User, error)

// Claimed is the claim of an identity whose password was verified before, at the
// epoch, and who has something further to prove.
func Claimed(to address.Address, owner id.User, epoch int64, further Further) Claim {
	return Claim{address: to, owner: owner, epoch: epoch, further: further}
}

// By reports whether it was proved by being signed in as the identity.
func (c Claim) By(actor access.Actor) bool {
	return actor.Kind == access.Member && actor.User == c.owner && c.owner != ""
}

// ProvedAt is when the identity was proved: by who was signed in already, when
// they last proved who they are. Zero is now.
func (c Claim) ProvedAt(actor access.Actor) time.Time {
	if c.further == nil && c.By(actor) {
		return actor.ProvedAt
	}
	return time.Time{}
}

// Epoch is the epoch at which the identity was proved.
func (c Claim) Epoch() int64 { return c.epoch }

// Owner is the identity that was proved; empty if it is to be made.
func (c Claim) Owner() id.User { return c.owner }

// Owner reads who has the address, or nil.
func Owner(ctx context.Context, tx *db.Tx, emailKey string) (*User, error) {
	u, err := ByEmail(ctx, tx, emailKey)
	if fault.Code(err) == "not_found" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &u, nil
}

// Prove checks what somebody shows for an address whose owner, or nil, was just
// read. It is slow: never call it inside a transaction. Context is what a new
// password must not be made of, besides the address.
//
// Faults: invalid on field password if none is given; bad_credentials and
// too_many_attempts; weak_password. ErrMoved if the address changed hands.
func (c *Claims) Prove(ctx context.Context, actor access.Actor, to address.Address, owner *User, password string, context ...string) (Claim, error) {
	switch {
	case owner != nil && actor.Kind == access.Member && actor.User == owner.ID:
		return Claim{address: to, owner: owner.ID, epoch: owner.Epoch}, nil
	case password == "":
		return Claim{}, fault.Invalid("password", "required", "A password is needed.")
	case owner != nil:
		u, err := c.authenticate(ctx, owner.Email, password)
		if err != nil {
			return Claim{}, err
		}
		if u.ID != owner.ID {
			return Claim{}, ErrMoved
		}
		return Claim{address: to, owner: u.ID, epoch: u.Epoch}, nil
	}
	if err := CheckPassword(password, append(context, to.Written)...); err != nil {
		return Claim{}, err
	}
	hash, err := c.hasher.Hash(ctx, password)
	return Claim{address: to, hash: hash}, err
}

// ErrMoved says that the identity behind an address is not any more what was
// proved: it was made, or changed, at the same moment. Who proves again gets on.
var ErrMoved = errors.New("the identity behind the address has changed")

// Settle gives the identity of a claim inside the caller's write, locked: the
// one that was proved, unless it changed since, or a new one, recorded as made
// by the actor.
//
// It gives ErrMoved if the proof does not hold any more.
func (c Claim) Settle(ctx context.Context, tx *db.Tx, by access.Actor, locale string) (User, error) {
	if c.owner == "" {
		u, err := Create(ctx, tx, by, New{Email: c.address, Hash: c.hash, Locale: locale})
		if fault.Code(err) == "email_taken" {
			return u, ErrMoved
		}
		return u, err
	}
	if err := tx.LockUser(ctx, c.owner); err != nil {
		return User{}, err
	}
	u, err := Get(ctx, tx, c.owner)
	if fault.Code(err) == "not_found" || (err == nil && (u.EmailKey != c.address.Key || u.Epoch != c.epoch)) {
		return u, ErrMoved
	}
	if err == nil && c.further != nil {
		return c.further(ctx, tx, u)
	}
	return u, err
}

// Persist runs a claim, from the reading of the owner to the write, once more
// if the identity moved meanwhile. Faults: unavailable if it keeps moving.
func Persist(claim func() error) error {
	for range 3 {
		if err := claim(); !errors.Is(err, ErrMoved) {
			return err
		}
	}
	return fault.Unavailable("This identity is being changed at this moment. Please try again.")
}

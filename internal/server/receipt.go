package server

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/departure"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// OwnKeys gives the public keys that a server of this configuration publishes.
// It makes no secret where there is none.
func OwnKeys(c Config) (departure.Keys, error) {
	c = c.withDefaults()
	if _, err := os.Stat(c.secretFile()); c.Secret == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, wrong("There is no secret at %s to take the keys from: give --keys, or --secret.", c.secretFile())
	}
	keeper, err := c.keeper()
	if err != nil {
		return nil, err
	}
	return departure.Keys{keeper.KeyID(): keeper.Signer().Public().(ed25519.PublicKey)}, nil
}

// VerifyTrailOf holds the trail of a database against a receipt that was given
// out: whoever cut the trail, or wrote it anew from some event on with hashes
// that fit each other, has no event of the receipt's hash. It gives the account
// and what it found broken, and changes nothing.
func VerifyTrailOf(ctx context.Context, c Config, r departure.Receipt) (account id.Account, defects []string, err error) {
	d, err := openThere(ctx, c.withDefaults())
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	err = d.Read(ctx, func(tx *db.Tx) error {
		defects = nil
		if account, err = departure.AccountOf(ctx, tx, r.Departure); fault.Code(err) == "not_found" {
			defects = []string{"the database does not know " + string(r.Departure)}
			return nil
		} else if err != nil {
			return err
		}
		defects, err = trailDefects(ctx, tx, account, r.ChainHead)
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("the trail cannot be read: %w", err)
	}
	return account, defects, nil
}

func trailDefects(ctx context.Context, tx *db.Tx, account id.Account, head departure.ChainHead) ([]string, error) {
	hash, err := audit.HashAt(ctx, tx, account, head.Seq)
	if err != nil {
		return nil, err
	}
	var report Report
	switch {
	case hash == nil:
		report.Defects = []string{fmt.Sprintf("account %s: event %d is gone, which the receipt names", account, head.Seq)}
	case hex.EncodeToString(hash) != head.Hash:
		report.Defects = []string{fmt.Sprintf("account %s: event %d is another than the one the receipt names", account, head.Seq)}
	}
	events, broken, err := audit.Verify(ctx, tx, account)
	report.trail("account "+string(account), events, broken)
	return report.Defects, err
}

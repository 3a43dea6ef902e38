// Package migrations holds the schema as the steps that made it.
package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
)

// Files are the steps, by their number.
//
//go:embed *.sql
var Files embed.FS

// Digest tells schemas apart: hex of a hash over all steps.
func Digest() (string, error) {
	hash := sha256.New()
	names, err := fs.Glob(Files, "*.sql")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		step, err := Files.ReadFile(name)
		if err != nil {
			return "", err
		}
		hash.Write([]byte(name))
		hash.Write(step)
	}
	return hex.EncodeToString(hash.Sum(nil)[:8]), nil
}

// Package migrations holds the schema as the steps that made it.
package migrations

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
)

// files are the steps, by their number: those of both engines, and in a folder
// of its name those that only one engine has.
//
//go:embed *.sql sqlite postgres
var files embed.FS

// For gives the steps of an engine, its own among those of both.
func For(engine string) (fs.FS, error) {
	own, err := fs.Sub(files, engine)
	if err != nil {
		return nil, fmt.Errorf("steps of %s: %w", engine, err)
	}
	return steps{own}, nil
}

// steps lays the files of one engine over those of both.
type steps struct{ own fs.FS }

// Open opens a step.
func (s steps) Open(name string) (fs.File, error) {
	file, err := s.own.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return files.Open(name)
	}
	return file, err
}

// Glob lists steps.
func (s steps) Glob(pattern string) ([]string, error) {
	shared, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(s.own, pattern)
	all := slices.Concat(shared, own)
	slices.Sort(all)
	return all, err
}

// Digest tells schemas apart: hex of a hash over all steps.
func Digest() (string, error) {
	hash := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		step, err := files.ReadFile(name)
		hash.Write([]byte(name))
		hash.Write(step)
		return err
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)[:8]), nil
}

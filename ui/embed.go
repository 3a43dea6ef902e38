// Package ui holds the browser app as it was built. Its source is the
// TypeScript beside this file; `make ui` (npm ci && npm run build) fills dist.
package ui

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// Dist gives the built app, with index.html at its root. It reports false when
// this binary was built without the app: a fresh clone compiles before npm ran.
func Dist() (fs.FS, bool) {
	dist, err := fs.Sub(files, "dist")
	if err != nil {
		return nil, false
	}
	if _, err := fs.Stat(dist, "index.html"); err != nil {
		return nil, false
	}
	return dist, true
}

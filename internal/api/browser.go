package api

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// unbuilt is the front page of a binary that was built without the browser app.
const unbuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tenure</title>
<h1>Tenure is running</h1>
<p>This binary was built without the browser app. To build it, run <code>make build</code> in the source tree
(it needs Node.js), or <code>make run</code> to see the demo. The API is at <a href="/openapi.json">/openapi.json</a>.</p>
`

// browser serves the built browser app. Every path that is no file gets the
// app's page, which finds its own way. Files whose name carries a hash of their
// content are kept by browsers for good.
type browser struct {
	files fs.FS
	built bool

	mu   sync.Mutex // guards kept
	kept map[string]*file
}

// file is one file of the app, compressed once.
type file struct {
	plain, packed []byte
	mediaType     string
	etag          string
}

func newBrowser(files fs.FS, built bool) *browser {
	return &browser{files: files, built: built, kept: map[string]*file{}}
}

// ServeHTTP answers GET and HEAD.
func (b *browser) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !b.built {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(unbuilt))
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "docs" { // the reference of the API is a page of its own
		name = "reference.html"
	}
	f, err := b.file(name)
	if err != nil && (strings.HasPrefix(name, "assets/") || !errors.Is(err, fs.ErrNotExist)) {
		problem(http.StatusNotFound, "not_found", "There is no such file.").write(w)
		return
	}
	if err != nil {
		name = "index.html"
		if f, err = b.file(name); err != nil {
			problem(http.StatusInternalServerError, "internal", "Something went wrong on our side.").write(w)
			return
		}
	}
	f.write(w, r, strings.HasPrefix(name, "assets/"))
}

func (f *file) write(w http.ResponseWriter, r *http.Request, immutable bool) {
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("ETag", f.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == f.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content := f.plain
	if f.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		content = f.packed
	}
	h.Set("Content-Length", fmt.Sprint(len(content)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(content) // the caller is gone, or reads it
	}
}

// file reads a file and keeps it.
func (b *browser) file(name string) (*file, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if f, ok := b.kept[name]; ok {
		return f, nil
	}
	if !fs.ValidPath(name) || name == "." || strings.HasPrefix(path.Base(name), ".") {
		return nil, fs.ErrNotExist
	}
	if info, err := fs.Stat(b.files, name); err != nil || info.IsDir() {
		return nil, fs.ErrNotExist
	}
	content, err := fs.ReadFile(b.files, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	f := &file{plain: content, mediaType: mediaType(name), etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	if packed := compress(content); len(packed) < len(content)*9/10 {
		f.packed = packed
	}
	b.kept[name] = f
	return f, nil
}

func compress(content []byte) []byte {
	var packed bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is a valid one
	_, _ = writer.Write(content)                                    // into memory
	_ = writer.Close()
	return packed.Bytes()
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	}
	if known := mime.TypeByExtension(path.Ext(name)); known != "" {
		return known
	}
	return "application/octet-stream"
}

package api

import (
	"crypto/rand"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"tenure/internal/access"
)

// requestHeader names a request: in, out, in the log and in the trail.
const requestHeader = "X-Request-Id"

// requestIDForm is what a request id from outside may look like; anything else
// is replaced by one of ours.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._:/+=-]{1,100}$`)

// trace gives every request an id and notes where it came from. Here the visit
// begins.
func (d *door) trace(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := r.Header.Get(requestHeader)
		if request == "" || !requestIDForm.MatchString(request) {
			request = rand.Text()
		}
		w.Header().Set(requestHeader, request)
		v := &visit{Context: r.Context(), origin: access.Origin{RequestID: request, IP: d.clientIP(r), UserAgent: userAgent(r), Browser: cookieOf(r, d.cookies.browser)}}
		next.ServeHTTP(w, r.WithContext(v))
	})
}

// clientIP is the address the connection came from. X-Forwarded-For is read
// only when that is a proxy the operator trusts, from the right, up to the
// first address that is none: what stands further left anybody could have
// written.
func (d *door) clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	client, err := netip.ParseAddr(host)
	if err != nil {
		return ""
	}
	if len(d.config.TrustedProxies) == 0 {
		return client.Unmap().WithZone("").String()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !d.trusts(client) {
			break
		}
		named, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		client = named
	}
	return client.Unmap().WithZone("").String()
}

func (d *door) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(d.config.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}

// userAgent is what the browser calls itself, as printable text of a bounded length.
func userAgent(r *http.Request) string {
	clean := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return -1
		}
		return c
	}, r.UserAgent())
	return clean[:min(len(clean), 300)]
}

package session

import "strings"

// Device is what a client says it is, roughly: enough for a person to recognise
// their own. Nothing rests on it.
type Device struct {
	Browser string // the name of a product, the same in every language; empty if unknown
	System  string // likewise
}

// String is "Chrome on Windows", or what of it is known, for the trail and the
// API. Mails say it in the language of their reader.
func (d Device) String() string {
	switch {
	case d.Browser != "" && d.System != "":
		return d.Browser + " on " + d.System
	case d.Browser+d.System != "":
		return d.Browser + d.System
	default:
		return "Unknown device"
	}
}

// mark is a piece of a user agent that tells what it is. The first that is found
// counts, so what pretends to be something else stands before it.
type mark struct{ sign, name string }

var browsers = []mark{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Opera", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
	{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"},
	{"Chromium/", "Chromium"}, {"Safari/", "Safari"}, {"curl/", "curl"}, {"Wget/", "Wget"}, {"Go-http-client", "Go"},
	{"python-requests", "Python"}, {"Python", "Python"}, {"node", "Node"}, {"tenure/", "Tenure"},
}

var systems = []mark{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
	{"Mac OS X", "macOS"}, {"Macintosh", "macOS"}, {"Linux", "Linux"}, {"X11", "Linux"},
}

// DeviceOf reads a User-Agent header (RFC 9110, section 10.1.5).
func DeviceOf(userAgent string) Device {
	return Device{named(browsers, userAgent), named(systems, userAgent)}
}

func named(marks []mark, text string) string {
	for _, m := range marks {
		if strings.Contains(text, m.sign) {
			return m.name
		}
	}
	return ""
}

package mailbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-message/mail"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Message is one mail that was taken.
type Message struct {
	Number    int64     `json:"number"` // counts up from 1
	At        time.Time `json:"at"`
	From      string    `json:"from"` // of the envelope
	To        []string  `json:"to"`   // of the envelope
	Sender    string    `json:"sender"`
	Subject   string    `json:"subject"`
	MessageID string    `json:"message_id"`
	Text      string    `json:"text"`
	HTML      string    `json:"html"`
	// Links are the addresses that either part leads to, each once.
	Links []string `json:"links"`
	// Code is the first number of six digits that stands alone on a line of the
	// text part.
	Code string `json:"code,omitempty"`
	// Header holds every field as it came, decoded, by canonical name.
	Header map[string][]string `json:"header"`
	Raw    []byte              `json:"-"`
}

// Link gives the first link that contains the text, and "" if there is none.
func (m Message) Link(containing string) string {
	for _, link := range m.Links {
		if strings.Contains(link, containing) {
			return link
		}
	}
	return ""
}

func (m Message) isTo(part string) bool {
	return slices.ContainsFunc(m.To, func(to string) bool {
		return strings.Contains(strings.ToLower(to), strings.ToLower(part))
	})
}

func (m Message) isFor(to string) bool {
	return slices.ContainsFunc(m.To, func(have string) bool { return strings.EqualFold(have, to) })
}

func parse(raw []byte) (Message, error) {
	m := Message{Raw: raw, Header: map[string][]string{}, Links: []string{}}
	reader, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return m, fmt.Errorf("read mail: %w", err)
	}
	for fields := reader.Header.Fields(); fields.Next(); {
		value, err := fields.Text()
		if err != nil {
			value = fields.Value()
		}
		m.Header[fields.Key()] = append(m.Header[fields.Key()], value)
	}
	m.Subject, _ = reader.Header.Subject()
	m.MessageID, _ = reader.Header.MessageID()
	if senders, err := reader.Header.AddressList("From"); err == nil && len(senders) > 0 {
		m.Sender = senders[0].String()
	}
	if err := m.readParts(reader); err != nil {
		return m, err
	}
	m.Links = links(m.Text, m.HTML)
	m.Code = strings.TrimSpace(code.FindString(m.Text))
	return m, nil
}

func (m *Message) readParts(reader *mail.Reader) error {
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read part: %w", err)
		}
		inline, ok := part.Header.(*mail.InlineHeader)
		if !ok {
			continue
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return fmt.Errorf("read part: %w", err)
		}
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		switch kind, _, _ := inline.ContentType(); {
		case kind == "text/html" && m.HTML == "":
			m.HTML = text
		case kind != "text/html" && m.Text == "":
			m.Text = text
		}
	}
}

var (
	address = regexp.MustCompile(`https?://[^\s<>"]+`)
	code    = regexp.MustCompile(`(?m)^\s*\d{6}\s*$`)
)

func links(text, markup string) []string {
	found := address.FindAllString(text, -1)
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		token := tokens.Token()
		if token.DataAtom != atom.A {
			continue
		}
		for _, attribute := range token.Attr {
			if attribute.Key == "href" {
				found = append(found, attribute.Val)
			}
		}
	}
	once := []string{}
	for _, link := range found {
		if !slices.Contains(once, link) {
			once = append(once, link)
		}
	}
	return once
}

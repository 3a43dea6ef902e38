// Package language holds the words that people read. A language is one file,
// named by its tag (BCP 47): en.json. The server reads its section "mail", the
// browser app its section "app"; the next language is one more file.
//
// A file nests as deep as it likes; a key is the path to a text, joined by
// dots. A text has placeholders: "Invited by {{name}}". A text that depends on
// a number comes in the plural forms of its language, with the CLDR category
// as the suffix of its key: "seats_one", "seats_other"; the number is the
// argument count. These are the ways of i18next, so that both sides read the
// same.
package language

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	bcp47 "golang.org/x/text/language"
)

// Default is the language of whoever asks for none that there is, and of every
// text that another language lacks.
const Default = "en"

//go:embed *.json
var files embed.FS

// Args are what a text's placeholders stand for.
type Args map[string]string

// Language is one that there is.
type Language struct {
	Tag  string `json:"tag"`
	Name string `json:"name"` // in itself: Nederlands
}

// library is every file, read once.
type library struct {
	languages []Language                   // Default first, then by name
	texts     map[string]map[string]string // by tag, then by key
	tags      map[string]bcp47.Tag
	matcher   bcp47.Matcher
}

var shelf = sync.OnceValue(func() library {
	l, err := read()
	if err != nil {
		panic(err) // a file that does not parse was built into the program
	}
	return l
})

func read() (library, error) {
	l := library{texts: map[string]map[string]string{}, tags: map[string]bcp47.Tag{}}
	names, err := files.ReadDir(".")
	if err != nil {
		return l, err
	}
	for _, entry := range names {
		content, err := files.ReadFile(entry.Name())
		if err != nil {
			return l, err
		}
		var tree map[string]any
		if err := json.Unmarshal(content, &tree); err != nil {
			return l, fmt.Errorf("language file %s: %w", entry.Name(), err)
		}
		tag := strings.TrimSuffix(path.Base(entry.Name()), ".json")
		if l.tags[tag], err = bcp47.Parse(tag); err != nil {
			return l, fmt.Errorf("language file %s is not named by a language tag: %w", entry.Name(), err)
		}
		l.texts[tag] = map[string]string{}
		if err := flatten(l.texts[tag], "", tree); err != nil {
			return l, fmt.Errorf("language file %s: %w", entry.Name(), err)
		}
		l.languages = append(l.languages, Language{Tag: tag, Name: l.texts[tag]["name"]})
	}
	slices.SortFunc(l.languages, func(a, b Language) int {
		return cmp.Or(-cmp.Compare(rank(a), rank(b)), strings.Compare(a.Name, b.Name))
	})
	inOrder := make([]bcp47.Tag, len(l.languages))
	for i, language := range l.languages {
		inOrder[i] = l.tags[language.Tag]
	}
	l.matcher = bcp47.NewMatcher(inOrder)
	return l, nil
}

// rank puts Default first: the matcher answers with the first if nothing fits.
func rank(l Language) int {
	if l.Tag == Default {
		return 1
	}
	return 0
}

func flatten(into map[string]string, prefix string, tree map[string]any) error {
	for key, value := range tree {
		switch v := value.(type) {
		case string:
			into[prefix+key] = v
		case map[string]any:
			if err := flatten(into, prefix+key+".", v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s%s is neither a text nor a section", prefix, key)
		}
	}
	return nil
}

// All lists what there is, Default first.
func All() []Language { return slices.Clone(shelf().languages) }

// Known reports whether there is a language of exactly this tag.
func Known(tag string) bool { return shelf().texts[tag] != nil }

// longest is how much of an Accept-Language header is looked at.
const longest = 256

// Choose gives the tag of the language that suits best. Each wish is a tag
// ("nl", "nl-BE", "nl_BE") or an Accept-Language header (RFC 9110, section
// 12.5.4); an earlier wish goes before a later one. What cannot be read is no
// wish.
func Choose(wishes ...string) string {
	l := shelf()
	readable := make([]bcp47.Tag, 0, len(wishes))
	for _, wish := range wishes {
		if len(wish) > longest {
			continue
		}
		tags, _, err := bcp47.ParseAcceptLanguage(strings.ReplaceAll(wish, "_", "-"))
		if err == nil {
			readable = append(readable, tags...)
		}
	}
	_, index, _ := l.matcher.Match(readable...)
	return l.languages[index].Tag
}

// T gives a text in a language, with its placeholders filled. It falls back to
// Default, and then to the key itself. The result is plain text: who puts it
// into markup escapes it.
func T(tag, key string, args Args) string {
	return Fill(Raw(tag, key, args["count"]), func(name string) string { return args[name] })
}

// Raw gives a text as it stands in the file, for who fills the placeholders
// with something else than text. Count chooses the plural form; it is empty for
// a text without a number.
func Raw(tag, key, count string) string {
	l := shelf()
	for _, t := range []string{tag, Default} {
		if count != "" {
			if text, found := l.texts[t][key+"_"+l.category(t, count)]; found {
				return text
			}
		}
		if text, found := l.texts[t][key]; found {
			return text
		}
	}
	return key
}

// categories are the CLDR plural categories, as i18next writes them.
var categories = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func (l library) category(tag, count string) string {
	n, err := strconv.Atoi(count)
	if err != nil {
		return "other"
	}
	// Whole numbers have no visible fraction digits: v, w, f and t are 0.
	return categories[plural.Cardinal.MatchPlural(l.tags[tag], max(n, -n), 0, 0, 0, 0)]
}

// Fill replaces every placeholder of a text by what the function gives for its
// name. What was put in is not looked at again: a value that looks like a
// placeholder stays as it is.
func Fill(text string, value func(name string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{")
		name, after, closed := strings.Cut(rest, "}}")
		if !found || !closed {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(before)
		name, _, _ = strings.Cut(name, ",") // "{{count, number}}": the format is the browser's affair
		b.WriteString(value(strings.TrimSpace(name)))
		text = after
	}
}

package book

import (
	"hash/fnv"

	"tenure/client"
)

// module is a menu entry of the portal.
type module struct {
	Key, Name, Lead string
	Figures         []string // what it counts, for each part of the company
}

// modules are those that the visitor may open now.
func (v *visit) modules() []module {
	var mine []module
	for _, m := range modules {
		if v.me.Opens(m.Key) {
			mine = append(mine, m)
		}
	}
	return mine
}

// part is a part of the company as a module shows it.
type part struct {
	client.SubAccount
	Counts []int // as module.Figures has them
	Open   bool
}

// showModule shows a module for every part of the company that the visitor
// reaches.
func (v *visit) showModule() error { return v.showParts("") }

// showPart opens one of them.
func (v *visit) showPart() error { return v.showParts(v.r.PathValue("part")) }

func (v *visit) showParts(open string) error {
	m, ok := moduleOf(v.r.PathValue("module"))
	if !ok {
		return errNotHere
	}
	reached, err := v.tenure.SubAccounts(v.r.Context(), v.me.AccountID)
	if err != nil {
		return err
	}
	title, parts := m.Name, make([]part, len(reached))
	for i, s := range reached {
		parts[i] = part{s, counts(m, s.Name), s.ID == open}
		if parts[i].Open {
			title += ": " + s.Name
		}
	}
	return v.show("module.html", title, struct {
		Module module
		Parts  []part
	}{m, parts})
}

func moduleOf(key string) (module, bool) {
	for _, m := range modules {
		if m.Key == key {
			return m, true
		}
	}
	return module{}, false
}

// counts are made-up figures, always the same for the same name.
func counts(m module, of string) []int {
	all := make([]int, len(m.Figures))
	for i, figure := range m.Figures {
		h := fnv.New32a()
		_, _ = h.Write([]byte(m.Key + figure + of)) // a hash takes everything
		all[i] = int(h.Sum32() % 900)
	}
	return all
}

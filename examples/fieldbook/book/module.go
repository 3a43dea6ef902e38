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

// modulePage is a module with the parts of the company that the visitor reaches.
type modulePage struct {
	Module module
	Parts  []client.SubAccount
	Part   *client.SubAccount // the one that is open
	Counts []int              // as Module.Figures has them
}

func (v *visit) showModule() error {
	m, ok := moduleOf(v.r.PathValue("module"))
	if !ok {
		return errNotHere
	}
	parts, err := v.tenure.SubAccounts(v.r.Context(), v.me.AccountID)
	if err != nil {
		return err
	}
	return v.show("module.html", m.Name, modulePage{Module: m, Parts: parts})
}

func (v *visit) showPart() error {
	m, ok := moduleOf(v.r.PathValue("module"))
	if !ok {
		return errNotHere
	}
	parts, err := v.tenure.SubAccounts(v.r.Context(), v.me.AccountID)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if p.ID == v.r.PathValue("part") {
			return v.show("module.html", m.Name+": "+p.Name, modulePage{m, parts, &p, counts(m, p.Name)})
		}
	}
	return errNotHere
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

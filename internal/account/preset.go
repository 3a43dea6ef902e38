package account

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"

	"tenure/internal/access"
	"tenure/internal/fault"
)

//go:embed presets/*.json
var presetFiles embed.FS

// Preset is a named way of managing users: the policy, roles and modules an
// account begins with. Its words are in the language files.
type Preset struct {
	Name    string         `json:"name"`
	Roles   []access.Role  `json:"roles"`
	Policy  Policy         `json:"policy"`
	Modules []PresetModule `json:"modules"`
	// ResourceTypes is what the members of such an account own or work on.
	ResourceTypes []PresetResourceType `json:"resource_types"`
}

// PresetModule is a module that accounts of the preset begin with.
type PresetModule struct {
	Key       string `json:"key"`
	Name      string `json:"name"`
	AdminOnly bool   `json:"admin_only"`
}

// PresetResourceType is a type of resources that accounts of the preset begin
// with.
type PresetResourceType struct {
	Key     string            `json:"key"`
	Name    string            `json:"name"`
	OnLeave string            `json:"on_leave"` // ask or leave: what becomes of them when their owner leaves
	Words   map[string]string `json:"words"`
}

// Administrator gives the key of the preset's role that administers.
func (p Preset) Administrator() string {
	for _, r := range p.Roles {
		if r.Administers {
			return r.Key
		}
	}
	return ""
}

// presetNames is the order screens offer them in.
var presetNames = []string{"portal", "team", "credits", "cases", "field"}

var presets = sync.OnceValue(func() []Preset {
	all := make([]Preset, 0, len(presetNames))
	for _, name := range presetNames {
		raw, err := presetFiles.ReadFile("presets/" + name + ".json")
		if err != nil {
			panic(fmt.Sprintf("preset %s: %v", name, err)) // a file of this binary
		}
		var p Preset
		if err := json.Unmarshal(raw, &p); err != nil {
			panic(fmt.Sprintf("preset %s: %v", name, err))
		}
		all = append(all, p)
	}
	return all
})

// Presets lists the presets there are.
func Presets() []Preset { return presets() }

// PresetOf finds a preset by its name. Faults: invalid on field preset.
func PresetOf(name string) (Preset, error) {
	for _, p := range presets() {
		if p.Name == name {
			return p, nil
		}
	}
	return Preset{}, fault.Invalid("preset", "unknown", "There is no preset of this name.")
}

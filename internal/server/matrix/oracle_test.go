package matrix_test

import (
	"cmp"
	"slices"
	"strings"
)

// The oracle says what the server must answer. It is written from the words of
// the domain and of the contract, as plain data and a few rules, and uses
// nothing of the server: TestTheOracleSharesNothingWithTheServer holds it to
// that. Where it and the server differ, one of them is wrong.

// rights is a role, as the oracle knows it.
type rights struct {
	rank        int
	administers bool
	chosen      bool // its modules are chosen for each member
	assigned    bool // it sees only the resources that are the member's
	permissions []string
}

// permissions is every permission there is.
var permissions = []string{
	"account.manage", "billing.manage", "members.read", "members.manage", "invitations.manage", "departures.manage", "roles.manage", "keys.manage",
	"webhooks.manage", "events.read", "credits.manage", "credits.spend", "resources.read", "resources.assign", "resources.manage", "templates.manage",
}

// roles are those of both accounts: admin and user come from the preset, the
// others are their own.
var roles = func() map[string]rights {
	all := map[string]rights{
		"admin":  {rank: 100, administers: true},
		"user":   {rank: 10, chosen: true},
		"junior": {rank: 10},
		"keeper": {rank: 20, permissions: []string{"billing.manage"}}, // low, with a right that few have
		"peer":   {rank: 40},
		"picker": {rank: 40, chosen: true, permissions: []string{"members.manage", "invitations.manage"}},
		"deputy": {rank: 60, administers: true},
		"holder": {rank: 10, assigned: true, permissions: []string{"resources.read", "resources.assign", "resources.manage"}},
		"senior": {rank: 80, permissions: permissions}, // every permission, and yet no administrator
	}
	for _, p := range permissions {
		all["only "+p] = rights{rank: 40, permissions: []string{p}}
	}
	return all
}()

// ranks are the roles that targets have: below, beside and above each caller.
var ranks = []string{"junior", "keeper", "peer", "deputy", "senior", "admin"}

// The kinds of credentials.
const (
	byNobody   = "nobody"
	bySession  = "session"
	byKey      = "key"
	byOperator = "operator"
)

// caller is one kind of caller.
type caller struct {
	name    string
	kind    string
	live    bool   // the credentials count
	account string // ours or theirs, where they stand
	role    string
	scope   []string // of a key: what its maker let it do
	modules []string // given, where the role has them chosen
	subs    []string // given
	places  []string // accounts besides their own where they have a place
	site    bool     // the request comes from another site, with the cookie
	factor  bool     // they have a second factor
	due     bool     // their account requires one, and they have none
	old     bool     // it is long ago that they proved who they are
}

// holds reports whether the caller has the permission: by their role, and with a
// key only what the key was made for as well.
func (c caller) holds(permission string) bool {
	if c.kind == byOperator {
		return true
	}
	r := roles[c.role]
	by := r.administers || slices.Contains(r.permissions, permission)
	return by && (c.kind != byKey || slices.Contains(c.scope, permission))
}

// commands reports whether the caller may act on who has the role: who
// administers on ranks up to their own, anybody else on ranks strictly below,
// and never on who administers.
func (c caller) commands(role string) bool {
	mine, other := roles[c.role], roles[role]
	switch {
	case c.kind == byOperator:
		return true
	case mine.administers:
		return other.rank <= mine.rank
	default:
		return other.rank < mine.rank && !other.administers
	}
}

// gives reports whether the caller may give the role: as commands, no permission
// that they do not hold themselves, and not every module where theirs are chosen.
func (c caller) gives(role string) bool {
	if mine := roles[c.role]; c.kind != byOperator && !mine.administers && mine.chosen && !roles[role].chosen {
		return false
	}
	granted := roles[role].permissions
	if roles[role].administers {
		granted = permissions
	}
	return c.commands(role) && !slices.ContainsFunc(granted, func(p string) bool { return !c.holds(p) })
}

// opens reports whether the module is among those the caller has: who
// administers has all, others never one for administrators, and where the role
// has them chosen only what they were given.
func (c caller) opens(module string) bool {
	r := roles[c.role]
	switch {
	case c.kind == byOperator || r.administers:
		return true
	case module == "closed" || strings.HasPrefix(module, "no "):
		return false
	default:
		return !r.chosen || slices.Contains(c.modules, module)
	}
}

// reaches reports whether the caller reaches the sub-account: who administers
// all, others those they were given.
func (c caller) reaches(sub string) bool {
	return c.kind == byOperator || roles[c.role].administers || slices.Contains(c.subs, sub)
}

// stands reports whether the caller may name who pays, and how much: the
// operator, and a key whose maker manages credits, whatever it was made for.
func (c caller) stands() bool {
	r := roles[c.role]
	return c.kind == byOperator || c.kind == byKey && (r.administers || slices.Contains(r.permissions, "credits.manage"))
}

// gate says whom a route lets in at all.
type gate int

const (
	anyone    gate = iota // with or without credentials
	signedIn              // whoever has credentials
	inPerson              // somebody with a session: for others what is about oneself has no meaning
	oneself               // the same, where anybody else is nobody
	operators             // who runs the server
)

// row is what the oracle knows of a route: one for each way of asking it that
// has an answer of its own.
type row struct {
	route  string // method and pattern, as the router has it
	note   string // tells the rows of one route apart
	query  string
	body   string
	header map[string]string

	who      gate
	need     []string // permissions, any of which will do; none: belonging is enough
	own      bool     // for what is the caller's own no permission is needed
	self     bool     // the row is about the caller's own things
	others   bool     // what is the caller's own is refused: it takes somebody else
	object   string   // the kind of thing the path or the body names
	ranked   bool     // the thing has a role, or is of somebody who has one, that the caller must command
	given    bool     // the thing offers a role and modules, which the caller must be allowed to give
	role     string   // the role that the body gives
	module   string   // the module that the body gives; "no …" for one that is not there
	sub      string   // the sub-account likewise
	unseen   bool     // the thing is a sub-account that nobody was given: who does not reach all finds nothing
	many     bool     // each thing has a verdict of its own in an answer of 200
	newcomer bool     // who has to set a second factor up first is let in too
	proof    bool     // it matters so much that one must have proved lately who one is
	first    bool     // and that is asked before the thing is looked for
	guards   bool     // giving a role that manages anything takes a proof as well
	plain    bool     // the answer is another one for who has a second factor, as the room's tests say
	hand     bool     // a key does not do it
	machine  bool     // a person does not do it, only a key or the operator
	wallet   bool     // the thing is somebody's wallet: one's own, also by one's key, has no rank
	proxy    bool     // somebody else is named by the operator alone, or by a key of somebody who manages credits
	held     string   // a permission that the body gives, which the caller must have
	hidden   bool     // who does not administer finds their own alone
	mine     []string // which permissions do instead for somebody in person, who means themselves
	about    string   // whom a host product asks about: oneself, which every session may, or another, which none may
	looks    []string // with any of these, and without what it needs, what is not there is looked for first
	within   string   // the sub-account of the resource
	whole    string   // the refusal of who sees only the resources that are theirs
	home     bool     // a read that a page of another site may not ask for either: it lasts
	places   bool     // the account is one of the caller's own places, or not found

	then    string // the answer to who may: a status, and a code or a verdict
	changes bool   // who may changes something by it: each such request gets things of its own
}

// ask is one row asked about one thing.
type ask struct {
	row
	account string // ours, theirs or missing; empty where the path names none
	thing   string // the role of the thing's owner; or self, there, foreign, missing, odd
}

func (a ask) String() string {
	return strings.Join(strings.Fields(strings.Join([]string{a.route, a.note, a.account, a.thing}, " ")), " ")
}

// inAccount reports whether the path names an account.
func (r row) inAccount() bool { return strings.Contains(r.route, "{account}") }

// read reports whether the method is one that changes nothing.
func (r row) read() bool { return strings.HasPrefix(r.route, "GET ") }

// expected is the answer of the oracle. The order is that of the contract: is
// the request from where it says, who are you, are you in this account, have
// you the permission, is there such a thing, does it rank below you.
func (a ask) expected(c caller) string {
	if c.site && (a.home || !a.read()) {
		return "403 forbidden"
	}
	if refusal := a.entered(c); refusal != "" {
		return refusal
	}
	if a.who == anyone {
		return a.then
	}
	if a.places && a.account != c.account && !slices.Contains(c.places, a.account) {
		return "404 not_found"
	}
	if !a.places && (a.account == "missing" || a.account != "" && c.kind != byOperator && a.account != c.account) {
		return "404 not_found"
	}
	if a.about == "another" && c.kind != byOperator && c.account != "ours" {
		return "404 not_found"
	}
	mine := c.kind == bySession && (a.self && c.account == a.account || a.thing == "self")
	if free := a.own && mine; !free && !a.permitted(c) {
		if slices.ContainsFunc(a.looks, c.holds) && a.absent(c) {
			return "404 not_found"
		}
		return "403 forbidden"
	}
	if a.first && c.old {
		return "403 step_up_required"
	}
	if a.hand && c.kind == byKey || a.machine && c.kind == bySession || a.proxy && a.thing != "self" && !c.stands() {
		return "403 forbidden"
	}
	if a.hidden && !mine && c.kind != byOperator && !roles[c.role].administers && !(c.kind == byKey && a.thing == "self") {
		return "404 not_found"
	}
	if a.absent(c) {
		return a.verdict("404 not_found")
	}
	if a.whole != "" && roles[c.role].assigned {
		return a.whole
	}
	if refusal := a.outranked(c, mine); refusal != "" {
		return a.verdict(refusal)
	}
	if a.others && (mine || c.kind == byKey && a.thing == "self") { // one's own key is not somebody else either
		return "403 forbidden"
	}
	if same := a.role != "" && a.role == a.owner(c); a.proof && c.old && !same { // who changes nothing is not asked
		return a.verdict("403 step_up_required")
	}
	if a.guards && c.old && manages(cmp.Or(a.role, a.owner(c))) {
		return "403 step_up_required"
	}
	return a.granted(c)
}

// manages reports whether who has the role may change more than their own work.
func manages(role string) bool {
	r := roles[role]
	return r.administers || slices.ContainsFunc(r.permissions, func(p string) bool { return strings.HasSuffix(p, ".manage") })
}

// permitted reports whether the caller has what the row needs.
func (a ask) permitted(c caller) bool {
	need := a.need
	if c.kind == bySession && a.about != "" {
		return a.about == "oneself"
	}
	if c.kind == bySession && len(a.mine) > 0 {
		need = a.mine
	}
	return len(need) == 0 || slices.ContainsFunc(need, c.holds)
}

// absent reports whether there is no such thing for the caller: none at all, or
// a resource that they do not reach.
func (a ask) absent(c caller) bool {
	theirs := a.object == "resource" || strings.HasPrefix(a.object, "resource ")
	return slices.Contains([]string{"foreign", "missing", "odd"}, a.thing) || a.within != "" && !c.reaches(a.within) ||
		theirs && roles[c.role].assigned && a.thing != "self"
}

// entered is the refusal of who is not let in at all.
func (a ask) entered(c caller) string {
	switch {
	case a.who == anyone:
		return ""
	case !c.live:
		return "401 unauthenticated"
	case c.due && (!a.newcomer || c.kind == byKey):
		return "403 factor_required"
	case a.who == oneself && c.kind != bySession:
		return "401 unauthenticated"
	case a.who == inPerson && c.kind != bySession, a.who == operators && c.kind != byOperator:
		return "403 forbidden"
	default:
		return ""
	}
}

// owner is the role of whose thing it is, or that the thing offers.
func (a ask) owner(c caller) string {
	switch {
	case a.thing == "there", a.thing == "self" && c.role == "": // who has no place has nothing of their own: anybody's will do
		return "junior"
	case a.thing == "self":
		return c.role
	default:
		return a.thing
	}
}

// outranked is the refusal of who does not command the thing, or may not give
// the role that it offers or that the body names.
func (a ask) outranked(c caller, mine bool) string {
	owner := a.owner(c)
	const refusal = "403 rank_exceeded"
	switch {
	case a.unseen && !c.reaches(""):
		return "404 not_found"
	case a.ranked && !((a.own || a.hidden) && mine) && !(a.wallet && a.thing == "self") && !c.commands(owner):
		return refusal
	case a.given && (!c.gives(owner) || a.object == "member with chosen modules" && !c.opens("c")), a.held != "" && !c.holds(a.held):
		return refusal
	case a.role != "" && a.role != owner && !c.gives(a.role):
		return refusal
	case a.module != "" && !c.opens(a.module), a.sub != "" && !c.reaches(a.sub):
		return refusal
	default:
		return ""
	}
}

// granted is the answer to who may, unless what they give does not fit.
func (a ask) granted(c caller) string {
	switch {
	case a.module == "closed":
		return a.verdict("403 module_admin_only")
	case strings.HasPrefix(a.module, "no "), strings.HasPrefix(a.sub, "no "):
		return a.verdict("422 invalid")
	case a.many && a.role == a.owner(c):
		return "200 unchanged"
	default:
		return a.then
	}
}

// verdict is a refusal as the row tells it: of many things each has its own.
func (a ask) verdict(refusal string) string {
	if !a.many {
		return refusal
	}
	_, code, _ := strings.Cut(refusal, " ")
	return "200 " + code
}

package matrix_test

// callers are the kinds of callers that every route is asked as.
var callers = func() []caller {
	all := []caller{
		{name: "nobody", kind: byNobody},
		{name: "a token nobody was given", kind: byNobody},
		{name: "an operator key nobody was given", kind: byNobody},
		{name: "another scheme of credentials", kind: byNobody},

		{name: "member", kind: bySession, live: true, account: "ours", role: "junior"},
		{name: "limited by modules", kind: bySession, live: true, account: "ours", role: "user", modules: []string{"a"}},
		{name: "limited by sub-account", kind: bySession, live: true, account: "ours", role: "junior", subs: []string{"s"}},
		{name: "manager limited by both", kind: bySession, live: true, account: "ours", role: "picker", modules: []string{"a"}, subs: []string{"s"}},
		{name: "every permission", kind: bySession, live: true, account: "ours", role: "senior"},
		{name: "administrator", kind: bySession, live: true, account: "ours", role: "admin"},
		{name: "administrator of lower rank", kind: bySession, live: true, account: "ours", role: "deputy"},
		{name: "administrator by cookie", kind: bySession, live: true, account: "ours", role: "admin"},
		{name: "administrator's cookie from another site", kind: bySession, live: true, account: "ours", role: "admin", site: true},
		{name: "another account's administrator", kind: bySession, live: true, account: "theirs", role: "admin"},
		{name: "member of both, signed in there", kind: bySession, live: true, account: "theirs", role: "junior", places: []string{"ours"}},

		{name: "long since they proved who they are", kind: bySession, live: true, account: "ours", role: "admin", old: true},
		{name: "without the factor that is required", kind: bySession, live: true, account: "strict", role: "admin", due: true},
		{name: "with the factor that is required", kind: bySession, live: true, account: "strict", role: "admin", factor: true},

		{name: "suspended", kind: bySession, account: "ours", role: "admin"},
		{name: "inactive", kind: bySession, account: "ours", role: "admin"},
		{name: "removed", kind: bySession, account: "ours", role: "admin"},
		{name: "signed out", kind: bySession, account: "ours", role: "admin"},
		{name: "unused for too long", kind: bySession, account: "ours", role: "admin"},
		{name: "signed in for too long", kind: bySession, account: "ours", role: "admin"},
		{name: "signed in before the password changed", kind: bySession, account: "ours", role: "admin"},

		{name: "operator", kind: byOperator, live: true},
	}
	for _, p := range permissions {
		all = append(all, caller{name: "only " + p, kind: bySession, live: true, account: "ours", role: "only " + p})
	}
	return all
}()

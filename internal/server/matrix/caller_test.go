package matrix_test

// callers are the kinds of callers that every route is asked as.
var callers = func() []caller {
	all := []caller{
		{name: "nobody", kind: byNobody},
		{name: "a token nobody was given", kind: byNobody},
		{name: "an operator key nobody was given", kind: byNobody},
		{name: "an API key nobody was given", kind: byNobody},
		{name: "another scheme of credentials", kind: byNobody},

		{name: "member", kind: bySession, live: true, account: "ours", role: "junior"},
		{name: "limited by modules", kind: bySession, live: true, account: "ours", role: "user", modules: []string{"a"}},
		{name: "limited by sub-account", kind: bySession, live: true, account: "ours", role: "junior", subs: []string{"s"}},
		{name: "manager limited by both", kind: bySession, live: true, account: "ours", role: "picker", modules: []string{"a"}, subs: []string{"s"}},
		{name: "who sees only what they hold", kind: bySession, live: true, account: "ours", role: "holder", subs: []string{"s"}},
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

		{name: "key for everything", kind: byKey, live: true, account: "ours", role: "admin", scope: permissions},
		{name: "key of an administrator of lower rank", kind: byKey, live: true, account: "ours", role: "deputy", scope: permissions},
		{name: "key of a manager limited by both", kind: byKey, live: true, account: "ours", role: "picker", scope: roles["picker"].permissions, modules: []string{"a"}, subs: []string{"s"}},
		{name: "key of somebody who was demoted", kind: byKey, live: true, account: "ours", role: "junior", scope: permissions},
		{name: "key of another account's administrator", kind: byKey, live: true, account: "theirs", role: "admin", scope: permissions},
		{name: "key of who must set a factor up", kind: byKey, live: true, account: "strict", role: "admin", scope: permissions, due: true},
		{name: "key that was revoked", kind: byKey, account: "ours", role: "admin", scope: permissions},
		{name: "key that ran out", kind: byKey, account: "ours", role: "admin", scope: permissions},
		{name: "key of somebody suspended", kind: byKey, account: "ours", role: "admin", scope: permissions},
		{name: "key of somebody who left and is back", kind: byKey, account: "ours", role: "admin", scope: permissions},

		{name: "operator", kind: byOperator, live: true},
	}
	for _, p := range permissions {
		all = append(all, caller{name: "only " + p, kind: bySession, live: true, account: "ours", role: "only " + p},
			caller{name: "key for " + p, kind: byKey, live: true, account: "ours", role: "admin", scope: []string{p}})
	}
	return all
}()

package book

// What every company finds here at first, under the names that the demo of Tenure
// gives to its cases and pins.

var summaries = map[string]string{
	"case/24-017": "A lorry turned over on the quay with forty pallets of glass on it. Our client owns the glass; the carrier says that the quay was at fault, the port that the driver was.",
	"case/24-021": "Two wills, eleven years apart, and a house that is in one of them and not in the other. Three heirs, of whom two speak to each other.",
	"case/24-026": "The landlord wants the flat for his daughter. The tenant has lived there since 1998, and the daughter lives in Lisbon.",
	"case/24-031": "A batch of oat milk that should not have left the plant. The question is who knew on Thursday what everybody knew on Monday.",
	"case/24-034": "Dismissed on the first day after parental leave, for a reorganisation of one desk.",
	"case/24-038": "Water comes in on the fourth floor. The builder has a drawing that shows a membrane; the wall has none.",

	"pin/p-101": "Flat roof, two bakeries under it. The owner is there before seven.",
	"pin/p-102": "Twelve sheds, one meter. Wants a price for the lot.",
	"pin/p-103": "School board decides in spring. Ask for the caretaker, he knows the roof.",
	"pin/p-104": "Cold store, runs day and night. The electricity bill did the talking.",
	"pin/p-105": "Two hundred bicycles to charge. Roof is thatched: carport instead.",
	"pin/p-106": "Listed building. Slates may stay, panels may not show from the canal.",
	"pin/p-107": "Garage with a south wall of glass. Come back when the lease is renewed.",
	"pin/p-108": "Greenhouse. Wants light to stay light.",
	"pin/p-109": "Housing association, sixty roofs, one committee.",
	"pin/p-110": "Swimming pool. Warm water is what they want, and a plaque.",
}

var places = map[string]place{
	"p-101": {22, 30}, "p-102": {67, 22}, "p-103": {41, 52}, "p-104": {79, 63}, "p-105": {16, 74},
	"p-106": {54, 36}, "p-107": {33, 82}, "p-108": {86, 38}, "p-109": {58, 76}, "p-110": {30, 58},
}

var patterns = []pattern{
	{"tpl-witness", "Contact", "Witness"},
	{"tpl-expert", "Contact", "Expert"},
	{"tpl-liability", "Issue", "Liability"},
	{"tpl-deadline", "Issue", "Missed deadline"},
	{"tpl-statement", "Source", "Statement"},
	{"tpl-photograph", "Source", "Photograph"},
}

// records are the same for everybody: who has which is Tenure's to know.
var records = []record{
	{"fleet-1001", "Aalders Transport", "Zwolle", "120", "Gerrit Aalders", "+31 38 555 0114", "gerrit@aalders.example"},
	{"fleet-1002", "Baltic Reefers", "Gdańsk", "340", "Zofia Wrona", "+48 58 555 0162", "zofia.wrona@balticreefers.example"},
	{"fleet-1003", "Casa Frutta", "Verona", "75", "Paolo Righi", "+39 045 555 0187", "righi@casafrutta.example"},
	{"fleet-1004", "De Groot Kranen", "Breda", "58", "Marleen de Groot", "+31 76 555 0131", "marleen@degrootkranen.example"},
	{"fleet-1005", "Eastgate Couriers", "Leeds", "210", "Dev Malhotra", "+44 113 555 0175", "dev@eastgate.example"},
	{"fleet-1006", "Fjordline Bulk", "Bergen", "96", "Solveig Aas", "+47 55 555 0120", "solveig@fjordlinebulk.example"},
	{"fleet-1007", "Garonne Vrac", "Bordeaux", "44", "Claire Lafon", "+33 5 5555 0199", "lafon@garonnevrac.example"},
	{"fleet-1008", "Hellas Coach", "Patras", "132", "Nikos Vasilakis", "+30 261 555 0143", "nikos@hellascoach.example"},
	{"fleet-1009", "Isar Logistik", "München", "510", "Theresa Huber", "+49 89 555 0156", "t.huber@isarlogistik.example"},
	{"fleet-1010", "Jutland Milk Run", "Aarhus", "66", "Mads Friis", "+45 86 555 0108", "mads@jutlandmilk.example"},
	{"fleet-1011", "Kempen Koel", "Turnhout", "87", "An Peeters", "+32 14 555 0192", "an.peeters@kempenkoel.example"},
	{"fleet-1012", "Lisboa Express", "Lisboa", "158", "Rui Tavares", "+351 21 555 0137", "rui@lisboaexpress.example"},
}

var modules = []module{
	{"dashboard", "Dashboard", "What happened since yesterday.", []string{"Sent", "Opened", "Answered"}},
	{"campaigns", "Campaigns", "What goes out, to whom, and when.", []string{"Running", "Planned", "Finished"}},
	{"inbox", "Inbox", "What people wrote back.", []string{"New", "Waiting", "Done"}},
	{"contacts", "Contacts", "Whom you may write to.", []string{"People", "Lists", "Unsubscribed"}},
	{"templates", "Templates", "Texts that are written once.", []string{"Ready", "Drafts"}},
	{"reports", "Reports", "How it went.", []string{"This month", "This year"}},
	{"pricing", "Pricing", "What a message costs.", nil},
	{"payment", "Payment", "How your company pays.", nil},
	{"user_management", "User Management", "Who belongs to your company, and what they may open.", nil},
}

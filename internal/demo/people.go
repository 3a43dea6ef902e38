package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// person is somebody made up.
type person struct {
	first, last, title, phone, locale string
}

func (p person) email(domain string) string {
	plain := strings.NewReplacer(" ", "", "'", "", "ö", "o", "ü", "u", "é", "e", "ë", "e", "ø", "o", "å", "a", "ñ", "n", "ç", "c", "á", "a", "í", "i", "ó", "o", "ł", "l")
	return plain.Replace(strings.ToLower(p.first)) + "." + plain.Replace(strings.ToLower(p.last)) + "@" + domain
}

var firsts = []string{
	"Maria", "Jan", "Aisha", "Tom", "Elif", "Lars", "Noor", "Daniel", "Sofia", "Mehmet", "Eva", "Bram", "Chloé", "Ravi", "Ingrid", "Pieter",
	"Zoë", "Hassan", "Anna", "Lucas", "Fatima", "Joost", "Mila", "Óscar", "Femke", "Arjun", "Claire", "Sven", "Yara", "Matteo", "Lotte", "Kwame",
	"Helena", "Ruben", "Priya", "Jonas", "Amira", "Thijs", "Greta", "Diego", "Sanne", "Omar", "Nina", "Willem", "Leila", "Erik", "Rosa", "Milan",
	"Julia", "Kees", "Mina", "Pablo", "Astrid", "Yusuf", "Emma", "Koen", "Dana", "Felix", "Naomi", "Stijn", "Irina", "Marco", "Fleur", "Samir",
}

var lasts = []string{
	"Jansen", "de Vries", "Okafor", "Lindqvist", "Yilmaz", "Bakker", "Rossi", "van Dijk", "Novák", "Sharma", "Visser", "Müller", "Haddad", "Smit",
	"Moreau", "Peeters", "Kowalska", "Meijer", "Andersen", "Costa", "Mulder", "Nguyen", "de Boer", "Fischer", "Bos", "Silva", "Vos", "Petrov",
	"Hendriks", "García", "van Leeuwen", "Dekker", "Brouwer", "Ahmed", "de Wit", "Dijkstra", "Larsen", "Kok", "Jacobs", "van der Meer", "Marino",
	"Prins", "Blom", "Huisman", "Weber", "Kuipers", "Santos", "Veenstra", "Willems", "Schouten", "Lefèvre", "Koster", "Prakash", "Maas", "Postma",
	"Nilsson", "Kramer", "Bianchi", "Verhoeven", "Osei", "Zijlstra", "Hoekstra", "Ferrari", "Groen",
}

var titles = []string{
	"Account manager", "Copywriter", "Campaign planner", "Designer", "Customer support", "Office manager", "Press officer", "Analyst",
	"Community manager", "Event coordinator", "Media buyer", "Editor", "Project manager", "Sales", "Finance", "Intern", "",
}

// crowd makes as many people as asked, no two with the same name. The same seed
// makes the same people.
func crowd(seed uint64, n int) []person {
	random := rand.New(rand.NewPCG(seed, 7))
	people := make([]person, 0, n)
	for _, pair := range random.Perm(len(firsts) * len(lasts))[:n] {
		p := person{first: firsts[pair%len(firsts)], last: lasts[pair/len(firsts)], locale: "en", title: titles[random.IntN(len(titles))]}
		if random.IntN(3) == 0 {
			p.phone = fmt.Sprintf("+31 6 %04d %04d", random.IntN(10_000), random.IntN(10_000))
		}
		if random.IntN(4) == 0 {
			p.locale = "nl"
		}
		people = append(people, p)
	}
	return people
}

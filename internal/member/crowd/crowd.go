// Package crowd fills accounts with made-up members, very many at once, so that
// tests and measurements can see what a large account does. It writes rows as
// member.Create would and records no events.
package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/id"
)

// Person is a member to be.
type Person struct {
	First, Last, Email string
	Status             string // active unless given
	Role               string
}

const (
	insertColumns = 12
	insertRows    = 40   // 480 parameters a statement
	part          = 4000 // rows a transaction
)

// Fill gives the account n members, as person says for each from 0, who have not
// come in yet. It gives their ids in that order.
func Fill(ctx context.Context, d *db.DB, account id.Account, n int, person func(i int) Person) ([]id.Member, error) {
	ids := make([]id.Member, 0, n)
	for len(ids) < n {
		from, to := len(ids), min(len(ids)+part, n)
		for range to - from {
			ids = append(ids, id.New[id.Member]())
		}
		err := d.Housekeep(ctx, func(tx *db.Tx) error {
			for i := from; i < to; i += insertRows {
				if err := insert(ctx, tx, account, i, ids[i:min(i+insertRows, to)], person); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("fill account: %w", err)
		}
	}
	return ids, nil
}

func insert(ctx context.Context, tx *db.Tx, account id.Account, from int, ids []id.Member, person func(i int) Person) error {
	rows := make([]string, len(ids))
	args := make([]any, 0, len(ids)*insertColumns)
	for i, member := range ids {
		p := person(from + i)
		if p.Status == "" {
			p.Status = "active"
		}
		rows[i] = "(" + db.Params(len(args)+1, insertColumns) + ")"
		key := address.SortKey(p.Email)
		args = append(args, string(account), string(member), p.Email, key, p.First, p.Last, address.SortKey(p.First, p.Last),
			address.SortKey(p.First, p.Last, key), p.Status, p.Role, db.Micros(tx.Now()), 0)
	}
	_, err := tx.Exec(ctx, `INSERT INTO members (account_id, member_id, email, email_key, first_name, last_name, name_key, search_key, status, role_key, created_at, last_seen_at)
		VALUES `+strings.Join(rows, ", "), args...)
	return err
}

var (
	given = strings.Fields("Anna Bram Carla David Eva Frank Gerda Hans Inge Jan Karel Lotte Maria Nico Olga Peter Quirine Rob Sanne Thomas Ursula Victor Willem Xander Yvonne " +
		"Zoë Mohammed Fatima Ali Noor Émile Łukasz Sofia Daan Lucas Julia Emma Liam Mees Saar Sem Finn Tess Milan Luuk Nora Yara Adam Elif Chen")
	family = strings.Fields("Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Koning Jacobs Kuipers Schouten Willems Hoekstra Koster " +
		"Prins Huisman Postma Kok Veenstra Kramer Oosterhuis Verhoeven García Rossi Müller Novák Nagy Silva Kowalski Nguyen Kim Yılmaz Haddad Okafor Singh Patel Cohen Brown Martin")
)

// Named gives the i-th of a crowd of people with the names that people have:
// many share a first name, most of the addresses one domain. The same i is
// always the same person.
func Named(i int, role string) Person {
	r := rand.New(rand.NewPCG(uint64(i), 20261122))
	p := Person{First: given[r.IntN(len(given))], Last: family[r.IntN(len(family))], Role: role}
	if r.IntN(3) == 0 {
		p.Last += "-" + family[r.IntN(len(family))]
	}
	domain := "example.com"
	if r.IntN(20) == 0 {
		domain = fmt.Sprintf("branch%d.example.net", r.IntN(200))
	}
	p.Email = fmt.Sprintf("%s.%s.%d@%s", address.SortKey(p.First), strings.ReplaceAll(address.SortKey(p.Last), " ", ""), i, domain)
	return p
}

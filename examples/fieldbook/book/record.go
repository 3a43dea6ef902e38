package book

import (
	"time"

	"tenure/client"
)

// record is a company that can be written to.
type record struct {
	ID, Name, Town, Staff string
	Contact, Phone, Email string // masked until they are downloaded
}

// recordLine is a record as the visitor may see it.
type recordLine struct {
	record
	Masked bool
	Price  int64
	By     string
	At     *time.Time
}

// listRecords shows every record, and of those that the account does not have no
// more than anybody may know: what is masked does not leave the server.
func (v *visit) listRecords() error {
	known, err := v.tenure.Records(v.r.Context(), v.me.AccountID)
	if err != nil {
		return err
	}
	price, balance, err := v.wallet()
	if err != nil {
		return err
	}
	kept := map[string]client.Record{}
	for _, r := range known {
		kept[r.ID] = r
	}
	lines := make([]recordLine, len(records))
	for i, r := range records {
		line := recordLine{record: r, Masked: true, Price: price}
		if k, ok := kept[r.ID]; ok {
			line.Masked, line.Price, line.By, line.At = k.Masked, k.Price, k.DownloadedByName, k.At
		}
		if line.Masked {
			line.Contact, line.Phone, line.Email = "", "", ""
		}
		lines[i] = line
	}
	return v.show("records.html", "Records", struct {
		Records []recordLine
		Balance int64
	}{lines, balance})
}

// wallet gives what a download costs, and what the visitor has.
func (v *visit) wallet() (price, balance int64, err error) {
	for cursor := ""; ; {
		page, err := v.tenure.Credits(v.r.Context(), v.me.AccountID, cursor)
		if err != nil {
			return 0, 0, err
		}
		for _, h := range page.Members {
			if h.Member == v.me.MemberID {
				return page.Price, h.Balance, nil
			}
		}
		if cursor = page.NextCursor; cursor == "" {
			return page.Price, 0, nil
		}
	}
}

// download pays for a record. To send the form twice costs nothing more: what the
// account has is free.
func (v *visit) download() error {
	id := v.r.PathValue("id")
	if !known(id) {
		return errNotHere
	}
	if _, err := v.tenure.DownloadRecord(v.r.Context(), v.me.AccountID, id); err != nil {
		return err
	}
	return v.goTo("/app/records#" + id)
}

func known(id string) bool {
	for _, r := range records {
		if r.ID == id {
			return true
		}
	}
	return false
}

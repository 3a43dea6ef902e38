package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Credits is where the credits of an account are. Who may only spend sees the
// price, and of Members themselves.
type Credits struct {
	Purchased  *int64         `json:"purchased"`     // ever; nil, like the next three: not for the caller to see
	Company    *int64         `json:"company"`       // nobody's yet
	OfMembers  *int64         `json:"members_total"` // what all of them have together
	Spent      *int64         `json:"spent"`
	Price      int64          `json:"price"`   // of a download, unless the record has its own
	Members    []CreditHolder `json:"members"` // a page of who ever had credits
	NextCursor string         `json:"next_cursor"`
}

// CreditHolder is the wallet of a member.
type CreditHolder struct {
	Member  string `json:"member"`
	Name    string `json:"name"`
	Balance int64  `json:"balance"`
	Used    int64  `json:"used"` // ever spent
}

// Record is a thing of the host app that is masked until somebody in the account
// has downloaded it.
type Record struct {
	ID               string     `json:"id"` // as the host app calls it
	Masked           bool       `json:"masked"`
	Price            int64      `json:"price"`
	DownloadedBy     string     `json:"downloaded_by"` // who in the account was first
	DownloadedByName string     `json:"downloaded_by_name"`
	At               *time.Time `json:"at"` // when that was; nil: it is masked
}

// Download is what a download came to.
type Download struct {
	Record       string    `json:"record"`
	Charged      int64     `json:"charged"`       // 0: the account had it, or it is free
	DownloadedBy string    `json:"downloaded_by"` // who in the account was first
	At           time.Time `json:"at"`
}

// Credits says where the credits of an account are, with a page of the wallets.
// It takes credits.spend or credits.manage.
func (c *Client) Credits(ctx context.Context, account, cursor string) (Credits, error) {
	var s Credits
	return s, c.call(ctx, http.MethodGet, pathOf(account, "credits")+"?limit=200&cursor="+url.QueryEscape(cursor), nil, &s)
}

// Records lists the records that the account has downloaded, and those that have a
// price of their own. Every other is masked.
func (c *Client) Records(ctx context.Context, account string) ([]Record, error) {
	return every[Record](ctx, c, pathOf(account, "records"))
}

// Record says whether a record is masked, what it costs, and who downloaded it.
func (c *Client) Record(ctx context.Context, account, record string) (Record, error) {
	var r Record
	return r, c.call(ctx, http.MethodGet, pathOf(account, "records", record, "download"), nil, &r)
}

// DownloadRecord downloads a record as the caller, who pays for it unless the
// account has it already: to send it again costs nothing. A *Problem with the code
// insufficient_credits says that they have too few.
func (c *Client) DownloadRecord(ctx context.Context, account, record string) (Download, error) {
	var d Download
	return d, c.call(ctx, http.MethodPost, pathOf(account, "records", record, "download"), nil, &d)
}

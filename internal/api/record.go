package api

import (
	"context"
	"time"

	"tenure/internal/access"
	"tenure/internal/credit"
	"tenure/internal/id"
	"tenure/internal/once"
)

// Record is a thing of the host app that is masked until somebody in the account
// has downloaded it.
type Record struct {
	ID               string     `json:"id" doc:"As the host app calls it."`
	Masked           bool       `json:"masked" doc:"Nobody in the account has downloaded it."`
	Price            int64      `json:"price" doc:"What it costs, of its own or as any download."`
	OwnPrice         *int64     `json:"own_price" doc:"Null: it costs what any download costs."`
	Charged          int64      `json:"charged" doc:"What it did cost."`
	DownloadedBy     *string    `json:"downloaded_by" doc:"Who downloaded it first."`
	DownloadedByName string     `json:"downloaded_by_name,omitempty" doc:"Left out once they were erased."`
	At               *time.Time `json:"at" doc:"When it was downloaded first."`
}

// Download is what a download came to.
type Download struct {
	Record       string    `json:"record"`
	Charged      int64     `json:"charged" doc:"0: the account had it already, or it is free."`
	DownloadedBy string    `json:"downloaded_by" doc:"Who in the account downloaded it first."`
	At           time.Time `json:"at" doc:"When that was."`
}

// PastDownload is the first download of a record by a member.
type PastDownload struct {
	Record     string    `json:"record"`
	Member     string    `json:"member"`
	MemberName string    `json:"member_name" doc:"Empty once they were erased."`
	Charged    int64     `json:"charged"`
	At         time.Time `json:"at"`
}

type recordInput struct {
	Account string `path:"account"`
	Record  string `path:"record"`
}

type downloadInput struct {
	Account string `path:"account"`
	Record  string `path:"record"`
	Body    *DownloadOrder
}

// DownloadOrder is what only the operator, and an API key of somebody who manages
// credits, may name.
type DownloadOrder struct {
	Cost   *int64 `json:"cost,omitempty" minimum:"0" maximum:"1000000000000000" doc:"Instead of the stored price."`
	Member string `json:"member,omitempty" maxLength:"40" doc:"Who downloads it and pays, if not the caller."`
}

type recordPriceInput struct {
	Account string `path:"account"`
	Record  string `path:"record"`
	Body    struct {
		Price *int64 `json:"price" nullable:"true" minimum:"0" maximum:"1000000000000000" doc:"0 is free; null: what any download costs."`
	}
}

type recordsInput struct {
	Account string `path:"account"`
	Masked  string `query:"masked" enum:"true,false" doc:"Only those that the account lacks, or only those that it has."`
	Paging
}

type downloadsInput struct {
	Account string    `path:"account"`
	Member  string    `query:"member" maxLength:"40" doc:"Who downloaded."`
	Record  string    `query:"record" maxLength:"800" doc:"What."`
	Since   time.Time `query:"since" doc:"At this time or later."`
	Until   time.Time `query:"until" doc:"Before this time."`
	Paging
}

// records registers what credits are spent on.
func (d *door) records() {
	const all, one = "/v1/accounts/{account}/records", "/v1/accounts/{account}/records/{record}"
	handle(d, somebody, operation("GET", all, "list-records", "credits", "List the records that the account has or that have a price of their own"), d.listRecords)
	handle(d, somebody, operation("GET", one+"/download", "get-record", "credits", "Say whether a record is masked, and who downloaded it"), d.getRecord)
	handleOnce(d, somebody, operation("POST", one+"/download", "download-record", "credits", "Download a record; what the account has already is free"), d.downloadRecord, d.downloadedRecord)
	handle(d, somebody, operation("PUT", one+"/price", "price-record", "credits", "Give a record a price of its own"), d.priceRecord)
	handle(d, somebody, operation("GET", "/v1/accounts/{account}/downloads", "list-downloads", "credits", "List who downloaded what, newest first"), d.listDownloads)
}

func (d *door) listRecords(ctx context.Context, actor access.Actor, in *recordsInput) (*out[listOf[Record]], error) {
	records, next, err := d.rooms.Credits.Records(ctx, actor, id.Account(in.Account), in.Masked, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	return listed(records, next, recordShape), nil
}

func (d *door) getRecord(ctx context.Context, actor access.Actor, in *recordInput) (*object[Record], error) {
	r, err := d.rooms.Credits.Record(ctx, actor, id.Account(in.Account), in.Record)
	if err != nil {
		return nil, err
	}
	return unversioned(recordShape(r)), nil
}

func (d *door) downloadRecord(ctx context.Context, actor access.Actor, in *downloadInput) (*object[Download], error) {
	asking := credit.Asking{Record: in.Record}
	if in.Body != nil {
		asking.Member, asking.Cost = id.Member(in.Body.Member), in.Body.Cost
	}
	done, err := d.rooms.Credits.Download(ctx, actor, id.Account(in.Account), asking)
	if err != nil {
		return nil, err
	}
	return unversioned(downloadShape(in.Record, done)), nil
}

// downloadedRecord says again what a download under the same key came to.
func (d *door) downloadedRecord(_ context.Context, _ access.Actor, in *downloadInput, kept once.Kept) (*object[Download], error) {
	done, err := keptAs[credit.Downloaded](kept)
	if err != nil {
		return nil, err
	}
	return unversioned(downloadShape(in.Record, done)), nil
}

func (d *door) priceRecord(ctx context.Context, actor access.Actor, in *recordPriceInput) (*object[Record], error) {
	r, err := d.rooms.Credits.SetRecordPrice(ctx, actor, id.Account(in.Account), in.Record, in.Body.Price)
	if err != nil {
		return nil, err
	}
	return unversioned(recordShape(r)), nil
}

func (d *door) listDownloads(ctx context.Context, actor access.Actor, in *downloadsInput) (*out[listOf[PastDownload]], error) {
	f := credit.Filter{Member: id.Member(in.Member), Record: in.Record, Since: in.Since, Until: in.Until, Cursor: in.Cursor, Limit: in.Limit}
	downloads, next, err := d.rooms.Credits.Downloads(ctx, actor, id.Account(in.Account), f)
	if err != nil {
		return nil, err
	}
	return listed(downloads, next, func(p credit.Past) PastDownload {
		return PastDownload{p.Record, string(p.Member), p.MemberName, p.Charged, p.At}
	}), nil
}

func recordShape(r credit.Record) Record {
	return Record{
		ID: r.ID, Masked: r.Masked(), Price: r.Price, OwnPrice: r.Own, Charged: r.Charged, DownloadedBy: filled(string(r.By)),
		DownloadedByName: r.ByName, At: moment(r.OpenedAt),
	}
}

func downloadShape(record string, d credit.Downloaded) Download {
	return Download{Record: record, Charged: d.Charged, DownloadedBy: string(d.By), At: d.At}
}

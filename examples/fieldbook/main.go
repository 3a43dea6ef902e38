// Fieldbook is an example of a product that embeds Tenure. It keeps its own
// content and draws its own pages; who may come in and what they may do it asks
// Tenure at each request, over the public client, and decides nothing itself.
//
//	TENURE=http://localhost:8080 LISTEN=localhost:8081 go run ./examples/fieldbook
package main

import (
	"cmp"
	"log"
	"net/http"
	"os"
	"time"

	"tenure/examples/fieldbook/book"
)

func main() {
	listen, tenure := cmp.Or(os.Getenv("LISTEN"), "localhost:8081"), cmp.Or(os.Getenv("TENURE"), "http://localhost:8080")
	origin := cmp.Or(os.Getenv("ORIGIN"), "http://"+listen)
	product := http.Server{
		Addr: listen, Handler: book.New(book.Config{Origin: origin, Tenure: tenure, SignIn: os.Getenv("TENURE_ORIGIN")}),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
	}
	log.Printf("Fieldbook is at %s/app/", origin)
	log.Fatal(product.ListenAndServe())
}

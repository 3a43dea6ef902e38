// Package docs gives programs the part of the documentation that they can read.
package docs

import _ "embed"

// OpenAPI is openapi.json, which a test keeps equal to what the server serves.
//
//go:embed openapi.json
var OpenAPI []byte

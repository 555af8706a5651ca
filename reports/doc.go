// Package reports writes scorecards and rankings as files: workbooks (XLSX), CSV,
// JSON, PDF and self-contained web pages. It knows layouts and languages; it computes
// no score. The same document gives the same bytes.
package reports

// Package ingest reads delivered tables: figures, case registers, subjects and
// judgements. It turns a file into an engine.Batch or into a report of every
// bad cell in it, found in one pass. It knows CSV in UTF-8 and GB18030, XLSX, and the
// numbers, dates and words that people write; it knows no store.
package ingest

// Package langserver is a language server for rule packs: it speaks the Language
// Server Protocol over a stream. What it knows of the language comes from package
// rules: the table of keys, the index of names, the checker and the formatter.
package langserver

// Package packs holds the rule packs that ship with the program, one folder for
// each, with their tests and the official results they are compared with.
package packs

import "embed"

// FS holds a folder for each pack. Only folders are named with a hyphen.
//
//go:embed all:*-*
var FS embed.FS

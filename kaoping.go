// Package kaoping holds what ships with the program and belongs to no part of
// it: the configuration a new workspace starts with, and the help pages.
package kaoping

import "embed"

// Config is the content of config.yaml, commented for the person who edits it.
//
//go:embed config.yaml
var Config []byte

// Help holds the documentation: docs/NAME.md in English with its Chinese twin
// docs/NAME.zh-CN.md, a page for each message of check, docs/diagnostics/CODE.md,
// and the pictures of the guides.
//
//go:embed docs/*.md docs/diagnostics/*.md docs/images/*.png
var Help embed.FS

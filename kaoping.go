// Package kaoping holds what ships with the program and belongs to no part of
// it: the configuration a new workspace starts with.
package kaoping

import _ "embed"

// Config is the content of config.yaml, commented for the person who edits it.
//
//go:embed config.yaml
var Config []byte

// Package rules reads rule packs: YAML that a compliance officer keeps beside the
// regulation becomes a checked engine.Pack, or a list of everything that is
// wrong with it.
//
// It knows the rule language and nothing else: no operating system, no network,
// no clock. Files come from an fs.FS. Mistakes are never returned one at a time:
// each reader puts a placeholder where it cannot read and goes on, so one run
// shows all mistakes of all files, sorted by place.
package rules

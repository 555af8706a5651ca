// Package access knows who may log in and what each role may do: passwords, one-time
// links, sessions, tokens and the limits of a role to schemes, groups and units.
//
// It does not know requests; package web asks it about each of them.
package access

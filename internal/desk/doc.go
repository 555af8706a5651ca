// Package desk is what pages and interfaces read from: the rule packs of the
// workspace, the stored runs opened again with their rules and facts, the history
// of a scheme and its documents. It keeps what it opened, since a stored run never
// changes.
package desk

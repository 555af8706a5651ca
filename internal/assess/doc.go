// Package assess is what commands, pages and jobs share: it gathers from a store
// everything that one evaluation may look at, computes and stores it, and opens a
// stored run again so that whatever is shown of it is what was stored.
package assess

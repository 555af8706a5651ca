// Package formula compiles expressions in expr syntax to exact programs over
// columns: one value for every subject of a peer group, or for every record of a
// register.
//
// It knows kinds, units and statuses; it does not know packs, periods or where a
// figure came from. Of the expr library it uses the parser only: expr's own
// machine calculates in floating point and lets 1/0 pass. A formula reaches
// nothing but the names of its Scope and the functions of this package: no
// clock, no file, no other builtin.
package formula

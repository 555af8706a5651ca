// Package mysqltest tests sources of kind mysql against a server that speaks the
// protocol. It is a module of its own so that the server is no dependency of the
// product: go test ./... in this folder.
package mysqltest

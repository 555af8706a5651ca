// Package help reads the documentation that ships with the program: which pages
// there are, in which languages, what they say as HTML, and where a word stands in
// them. It knows nothing of HTTP but the addresses that links lead to.
package help

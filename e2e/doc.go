// Package e2e drives the program in a real browser: kaoping demo, kaoping serve
// and Chromium, nothing replaced.
//
// The tests are in the *.test.mjs files beside it; its Go test starts the program
// and runs them. Screenshots of every page are written to screenshots/.
package e2e

// Package web is the application in the browser: pages that are made on the
// server and read without scripts, the files they offer, and the interface under
// /api/v1 with the same data.
//
// It knows how results are shown. It computes nothing: numbers come from stored
// runs that were opened again, exactly as they were stored.
package web

// Package feeds fetches data from where they come from - files, watched folders,
// web addresses and databases - and loads them as batches. Commands, the web
// pages and the scheduler all load through it.
package feeds

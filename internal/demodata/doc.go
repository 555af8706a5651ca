// Package demodata makes the invented insurers on which the Shanghai pack is
// shown and tested: who they are, their figures, their complaints, mediations,
// incidents and judgements, and what must come out of the first half of 2025.
//
// It knows no other package of this program. Every name is invented, and no
// figure belongs to a real insurer. The files are the same bytes every time:
//
//	go run ./internal/demodata/generate rules/packs/cn-shanghai-complaint-handling/data
package demodata

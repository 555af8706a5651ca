package rules

import "kaoping/engine"

// TestFiles returns the test files of a pack's edition by name; nil if it has
// none. They are not part of what is hashed.
func (l *Library) TestFiles(p *engine.Pack) map[string][]byte {
	e := l.editionOf(p)
	if e == nil || len(e.tests) == 0 {
		return nil
	}
	out := map[string][]byte{}
	for _, f := range e.tests {
		out[f.name] = f.data
	}
	return out
}

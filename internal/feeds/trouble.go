package feeds

import (
	"fmt"

	"kaoping/engine"
)

// Trouble is why a source could not be fetched, with what can be done.
type Trouble struct {
	Text engine.Text
	// Temporary troubles may be gone when the fetch is tried again.
	Temporary bool
	Err       error
}

func (t *Trouble) Error() string { return t.Text.EN }
func (t *Trouble) Unwrap() error { return t.Err }

// Message is the trouble in both languages.
func (t *Trouble) Message() engine.Text { return t.Text }

func trouble(err error, zh, en string, args ...any) *Trouble {
	return &Trouble{Err: err, Text: engine.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}}
}

func temporary(err error, zh, en string, args ...any) *Trouble {
	t := trouble(err, zh, en, args...)
	t.Temporary = true
	return t
}

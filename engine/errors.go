package engine

import "errors"

// Errors that callers tell apart with errors.Is.
var (
	// ErrNotFound: there is no such subject, item, pack, run or batch.
	ErrNotFound = errors.New("not found")
	// ErrConflict: two facts or two writers contradict each other.
	ErrConflict = errors.New("conflict")
)

// Refusal says why an evaluation cannot begin at all, for a person to read.
type Refusal struct{ Text Text }

// Error returns the English sentence.
func (r *Refusal) Error() string { return r.Text.EN }

// Message returns the sentence in both languages.
func (r *Refusal) Message() Text { return r.Text }

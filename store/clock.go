package store

import (
	"fmt"
	"time"
)

// timeForm has a fixed width, so that stored times compare as text.
const timeForm = "2006-01-02T15:04:05.000000Z"

// stamp writes an instant as it is stored: UTC, cut to microseconds, which is
// what both databases can hold.
func stamp(t time.Time) string { return t.UTC().Truncate(time.Microsecond).Format(timeForm) }

// instant reads a stored time; the empty text is the zero time.
func instant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(timeForm, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("read a stored time: %w", err)
	}
	return t, nil
}

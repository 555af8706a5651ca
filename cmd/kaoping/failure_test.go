package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"kaoping/engine"
)

// Whoever was told to stop has not failed, in whatever words the database says so.
func TestStoppedIsNoFailureOfTheStore(t *testing.T) {
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	canceled := errors.New("pq: canceling statement due to user request")
	for name, c := range map[string]struct {
		ctx  context.Context
		err  error
		code int
	}{
		"stopped":               {stopped, canceled, exitInterrupted},
		"stopped, told by name": {t.Context(), context.Canceled, exitInterrupted},
		"not stopped":           {t.Context(), canceled, exitStore},
		"stopped, but bad data": {stopped, fail(exitData, engine.Text{ZH: "坏", EN: "bad"}), exitData},
	} {
		var said bytes.Buffer
		a := &app{ctx: c.ctx, stderr: &said}
		if code := a.report(c.err); code != c.code || strings.Contains(said.String(), "已中断") != (c.code == exitInterrupted) {
			t.Errorf("%s: %d, want %d: %s", name, code, c.code, said.String())
		}
	}
}

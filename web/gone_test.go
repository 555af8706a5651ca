package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
)

func TestAReaderWhoHasGoneIsNoError(t *testing.T) {
	s := demoServer(t)
	var log strings.Builder
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	answer := func(ctx context.Context, err error) {
		page := func(*request) error { return err }
		s.serve(&route{Pattern: "/x", Needs: ReadResults, page: page}).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", nil).WithContext(ctx))
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	answer(left, errors.New("write: the connection is closed"))
	answer(t.Context(), &testError{syscall.EPIPE})
	if log.String() != "" {
		t.Errorf("logged: %s", log.String())
	}
	answer(t.Context(), errors.New("something else"))
	if !strings.Contains(log.String(), "something else") {
		t.Error("a failure is not logged")
	}
}

type testError struct{ error }

func (e *testError) Unwrap() error { return e.error }

package main

import (
	"context"
	"errors"
	"fmt"

	"kaoping/engine"
	"kaoping/store"
)

// The exit codes.
const (
	exitOK          = 0
	exitFindings    = 1 // check, test or a comparison found something
	exitUsage       = 2
	exitData        = 3
	exitConflict    = 4
	exitStore       = 5 // database or files
	exitInterrupted = 130
)

// failure is an error for the person at the terminal.
type failure struct {
	code int
	text engine.Text
}

func (f *failure) Error() string { return f.text.EN }

// Message returns what to say, in both languages.
func (f *failure) Message() engine.Text { return f.text }

// fail ends a command with the code. A zero text means that everything has been
// said already.
func fail(code int, text engine.Text) error { return &failure{code, text} }

// found ends a command whose findings have been printed.
func found() error { return fail(exitFindings, engine.Text{}) }

// speaker is an error that has something to say in both languages. Refusals of
// the engine and troubles of the store are speakers.
type speaker interface {
	error
	Message() engine.Text
}

// report prints what went wrong and returns the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return exitOK
	}
	if _, ok := complaint(err); ok {
		err = a.usage(nil, err)
	}
	code, text := a.classify(err)
	if !text.IsZero() {
		fmt.Fprintf(a.stderr, "kaoping: %s\n", text.In(a.lang))
	}
	return code
}

func (a *app) classify(err error) (int, engine.Text) {
	var f *failure
	var s speaker
	switch {
	case errors.As(err, &f):
		return f.code, f.text
	case errors.Is(err, context.Canceled):
		return exitInterrupted, engine.Text{
			ZH: "已中断;未完成的写入已全部撤销,重新执行即可。",
			EN: "interrupted; nothing half done was kept, run it again.",
		}
	case errors.As(err, &s):
		return codeOf(err), s.Message()
	}
	return codeOf(err), engine.Text{ZH: err.Error(), EN: err.Error()}
}

// codeOf says which exit code an error of another package means.
func codeOf(err error) int {
	var refusal *engine.Refusal
	switch {
	case errors.As(err, &refusal):
		return exitUsage
	case errors.Is(err, store.ErrBackup):
		return exitData
	case errors.Is(err, engine.ErrNotFound), errors.Is(err, engine.ErrConflict):
		return exitConflict
	}
	return exitStore
}

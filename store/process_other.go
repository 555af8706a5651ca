//go:build !linux

package store

import (
	"errors"
	"os"
	"syscall"
	"time"
)

var startedAt = time.Now().UTC().Format(time.RFC3339Nano)

// processStart names the start of this process; of others it is not known.
func processStart(int) string { return startedAt }

// processAlive reports whether there is a process with the id. It may be another
// one that got the id later, so an operation may stay open for a while.
func processAlive(pid int, _ string) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, syscall.ESRCH)
}

// ignoreFileSizeSignal does nothing: only on Linux does a limit on file sizes
// have to be kept from ending the process.
func ignoreFileSizeSignal() {}

//go:build !linux

package pgtest

import (
	"os"
	"os/exec"
	"path/filepath"
)

// launch starts the server. It ends with the test binary only if that calls
// Main; elsewhere than on Linux a process cannot ask to die with its parent.
func (s *Server) launch() (stop func(), err error) {
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), "-D", filepath.Join(s.dir, "data"), "-k", s.dir,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60")
	log, err := os.Create(s.logFile())
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return func() {
		cmd.Process.Kill()
		cmd.Wait() // it was killed; its exit code says nothing
	}, nil
}

func asOrdinaryUser(*exec.Cmd) error { return nil }

func giveAway(string) error { return nil }

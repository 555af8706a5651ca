//go:build unix

package rules

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Opening a pipe that nobody writes to would wait for ever.
func TestAPipeIsNoRuleFile(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "p.yaml"), 0o600); err != nil {
		t.Skip(err)
	}
	_, diags := Load(Folder(dir), Options{})
	if len(diags) != 1 || !strings.Contains(diags[0].Message.EN, notAFile) {
		t.Errorf("%+v", diags)
	}
}

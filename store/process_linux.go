package store

import (
	"bytes"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

// processStart names the start of a process: the boot, and the clock ticks since
// then. A process id that was given out again has another start. It is empty if
// there is no such process.
func processStart(pid int) string {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	// The command in brackets may hold anything; the start is the 20th field after it.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil || len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return strings.TrimSpace(string(boot)) + "/" + fields[19]
}

// processAlive reports whether the process that was started then still runs.
func processAlive(pid int, start string) bool {
	return start != "" && processStart(pid) == start
}

// ignoreFileSizeSignal makes a write beyond the limit on file sizes fail like a
// full disk; otherwise the signal ends the process.
func ignoreFileSizeSignal() { signal.Ignore(syscall.SIGXFSZ) }

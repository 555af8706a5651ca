package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
)

// keeper runs the server and outlives the test binary by a moment. Interrupted,
// it stops the server; terminated, which is what its parent's death does, it
// also removes the folder.
const keeper = `
trap 'kill -QUIT $pid' INT
trap 'gone=1; kill -QUIT $pid' TERM HUP
"$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
  -c full_page_writes=off -c max_connections=60 -c unix_socket_permissions=0777 >"$2/log" 2>&1 </dev/null &
pid=$!
wait $pid
wait $pid
[ -z "$gone" ] || rm -rf "$2"
`

// launch starts the keeper. The signal that it gets when its parent dies is in
// truth sent when the parent's thread ends, so one thread stays with it.
func (s *Server) launch() (stop func(), err error) {
	cmd := exec.Command("/bin/sh", "-c", keeper, "keeper", filepath.Join(s.bin, "postgres"), s.dir)
	cmd.Dir = s.dir
	if err := asOrdinaryUser(cmd); err != nil {
		return nil, err
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGTERM
	started, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		started <- cmd.Start()
		if cmd.Process != nil {
			cmd.Wait() // it was killed; its exit code says nothing
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	return func() {
		cmd.Process.Signal(syscall.SIGINT)
		<-ended
	}, nil
}

// ordinaryUser is who the server runs as: PostgreSQL refuses to be root.
func ordinaryUser() (uid, gid uint32, change bool, err error) {
	if os.Getuid() != 0 {
		return 0, 0, false, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		id, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return 0, 0, false, err
		}
		group, err := strconv.ParseUint(u.Gid, 10, 32)
		return uint32(id), uint32(group), true, err
	}
	return 0, 0, false, fmt.Errorf("this is root, and there is neither a user postgres nor nobody to run the server")
}

func asOrdinaryUser(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	uid, gid, change, err := ordinaryUser()
	if change {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
	return err
}

// giveAway makes the folder the server's own.
func giveAway(dir string) error {
	uid, gid, change, err := ordinaryUser()
	if err != nil || !change {
		return err
	}
	return os.Chown(dir, int(uid), int(gid))
}

// Children that do not exit, and opens of a FIFO that nobody writes to.
package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"syscall"
	"time"
)

func convert() error {
	cmd := exec.Command("sleep", "3")
	var out bytes.Buffer
	cmd.Stdout = &out
	return cmd.Run() // CULPRIT
}

func tail(name string) error {
	_, err := os.Open(name) // CULPRIT
	return err
}

func main() {
	level, _ := strconv.Atoi(os.Args[1])
	n, _ := strconv.Atoi(os.Args[2])
	dir, err := os.MkdirTemp("", "fifo")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "feed")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		panic(err)
	}
	for i := 0; i < n; i++ {
		go convert()
		go tail(name)
	}
	time.Sleep(time.Second)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, level)
}

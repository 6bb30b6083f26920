// Each request waits for a Cond of its own; some are never signalled.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Reply struct {
	mu   sync.Mutex
	cond *sync.Cond
	done bool
}

func NewReply() *Reply {
	r := &Reply{}
	r.cond = sync.NewCond(&r.mu)
	return r
}

func (r *Reply) Wait() {
	r.mu.Lock()
	for !r.done {
		r.cond.Wait()
	}
	r.mu.Unlock()
}

func main() {
	for i := 0; i < 24; i++ {
		go NewReply().Wait()
	}
	time.Sleep(50 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

// A reader takes the read lock again while a writer waits: the writer lets no new reader in.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Registry struct {
	name  string
	mu    sync.RWMutex
	items map[string]int
}

func (r *Registry) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.items)
}

func (r *Registry) Describe() (string, int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	time.Sleep(100 * time.Millisecond)
	return r.name, r.Len()
}

func (r *Registry) Add(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.items[key]++
}

func main() {
	registry := &Registry{name: "r", items: map[string]int{}}
	go registry.Describe()
	time.Sleep(30 * time.Millisecond)
	go registry.Add("a")
	time.Sleep(30 * time.Millisecond)
	for i := 0; i < 22; i++ {
		go registry.Len()
	}
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

// An exported method that holds the lock calls another exported method that takes it.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Store struct {
	items map[string]int
	mu    sync.Mutex
}

func (s *Store) Set(key string, value int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[key] = value
}

func (s *Store) Rename(from, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value := s.items[from]
	delete(s.items, from)
	s.Set(to, value)
}

func main() {
	store := &Store{items: map[string]int{"a": 1}}
	go store.Rename("a", "b")
	time.Sleep(50 * time.Millisecond)
	for i := 0; i < 25; i++ {
		go store.Set("c", i)
	}
	time.Sleep(50 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

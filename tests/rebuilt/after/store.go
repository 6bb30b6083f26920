package main

// The line numbers of this version differ from those of the other.
//
// Nothing else in this comment matters.

import (
	"sync"
)

type store struct {
	mu     sync.Mutex
	rw     sync.RWMutex
	values map[string]int
}

func (s *store) put(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[key]++
}

func (s *store) get(key string) int {
	s.rw.RLock()
	defer s.rw.RUnlock()
	return s.values[key]
}

// level has methods on the value.
type level int

func (l level) wait() {
	func() {
		<-never
	}()
}

type waiter interface{ wait() }

type wrapped struct{ waiter }

func startStore() {
	s := &store{values: make(map[string]int)}
	s.mu.Lock()
	func() { s.rw.Lock() }()
	for i := 0; i < 9; i++ {
		go s.put("a")
		go s.get("a")
	}
	for i := 0; i < 3; i++ {
		go level(i).wait()
		go waiter(wrapped{level(i)}).wait()
	}
	for i := 0; i < 4; i++ {
		go func() {
			guarded(&s.mu, func() {})
		}()
	}
}

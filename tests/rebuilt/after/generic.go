package main

// The line numbers of this version differ from those of the other.
//
// Nothing else in this comment matters.

import (
	"sync"
)

type stack[T any] struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []T
}

func (s *stack[T]) pop() T {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.items) == 0 {
		s.cond.Wait()
	}
	return s.items[0]
}

func (s *stack[T]) drain(done func(T)) {
	go func() {
		done(s.pop())
	}()
}

func forward[T any](in <-chan T, out chan<- T) {
	for value := range in {
		out <- value
	}
}

func mapped[T, U any](in chan T, f func(T) U) <-chan U {
	out := make(chan U)
	identity := func(value T) T { return value }
	go func() {
		out <- f(identity(<-in))
	}()
	return out
}

func startGeneric() {
	defer func() { _ = recover() }()
	s := &stack[int]{}
	s.cond = sync.NewCond(&s.mu)
	t := &stack[string]{}
	t.cond = sync.NewCond(&t.mu)
	for i := 0; i < 4; i++ {
		s.drain(func(int) {})
		go t.pop()
		go forward(make(chan int), nil)
		go forward(make(chan string), nil)
		in := make(chan int, 1)
		in <- 1
		mapped(in, func(n int) string {
			<-never
			return ""
		})
	}
}

package main

// The line numbers of this version differ from those of the other.
//
// Nothing else in this comment matters.

import (
	"context"
	"sync"
)

func closing() {
	var wg sync.WaitGroup
	wg.Add(1)
	defer wg.Wait()
}

// group starts functions as errgroup does.
type group struct {
	wg  sync.WaitGroup
	sem chan struct{}
}

func (g *group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.done()
		f()
	}()
}

func (g *group) done() {
	<-g.sem
	g.wg.Done()
}

func startDeferred() {
	for i := 0; i < 3; i++ {
		go closing()
		go cleaning(never)
	}
	check := func() bool { return never != nil }
	if !check() {
		panic("never is nil")
	}
	g := &group{sem: make(chan struct{})}
	for i := 0; i < 4; i++ {
		g.Go(func() error { return nil })
		g.Go(func() error {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			<-ctx.Done()
			return ctx.Err()
		})
	}
	go g.wg.Wait()
}

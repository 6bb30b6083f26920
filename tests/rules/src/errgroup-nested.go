// Tasks of a limited group start tasks of the same group: all slots are taken by those that wait for one.
package main

import (
	"os"
	"runtime/pprof"
	"time"

	"golang.org/x/sync/errgroup"
)

func walk(g *errgroup.Group, depth int) error {
	if depth == 0 {
		return nil
	}
	time.Sleep(10 * time.Millisecond)
	for i := 0; i < 3; i++ {
		g.Go(func() error { return walk(g, depth-1) })
	}
	return nil
}

func main() {
	var g errgroup.Group
	g.SetLimit(4)
	go func() {
		for i := 0; i < 6; i++ {
			g.Go(func() error { return walk(&g, 3) })
		}
		g.Wait()
	}()
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

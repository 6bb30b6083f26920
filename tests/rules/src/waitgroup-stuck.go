// Each batch waits for workers that wait for a channel which nobody closes.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Batch struct {
	wg      sync.WaitGroup
	results chan int
}

func (b *Batch) Run(n int) {
	for i := 0; i < n; i++ {
		b.wg.Add(1)
		go b.collect()
	}
	b.wg.Wait()
}

func (b *Batch) collect() {
	defer b.wg.Done()
	for range b.results {
	}
}

func main() {
	for i := 0; i < 24; i++ {
		batch := &Batch{results: make(chan int)}
		go batch.Run(2)
	}
	time.Sleep(50 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

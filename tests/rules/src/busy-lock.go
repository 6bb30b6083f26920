// Healthy: a lock that many want and each holds for a moment.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Counter struct {
	mu sync.Mutex
	n  map[int]int
}

func (c *Counter) Add(i int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for j := 0; j < 2000; j++ {
		c.n[(i+j)%512]++
	}
}

func main() {
	counter := &Counter{n: map[int]int{}}
	for i := 0; i < 30; i++ {
		go func(i int) {
			for {
				counter.Add(i)
			}
		}(i)
	}
	time.Sleep(300 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

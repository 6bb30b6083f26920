// Five philosophers each took the left fork and wait for the right one.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Fork struct{ sync.Mutex }

func dine(left, right *Fork) {
	left.Lock()
	time.Sleep(20 * time.Millisecond)
	right.Lock()
	right.Unlock()
	left.Unlock()
}

func main() {
	var forks [5]Fork
	for i := range forks {
		go dine(&forks[i], &forks[(i+1)%5])
	}
	time.Sleep(100 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

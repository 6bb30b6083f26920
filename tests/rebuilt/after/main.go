// Depot parks goroutines in every way a service does, then dumps itself: depot FILE.debug1 FILE.debug2.
package main

// The line numbers of this version differ from those of the other.
//
// Nothing else in this comment matters.

import (
	"context"
	"os"
	"runtime/pprof"
	"sync"
	"time"

	"example.com/depot/queue"
)

// never is closed by nobody.
var never = make(chan struct{})

var quiet = func() bool { return !verbose() }

// background is a closure of a package-level variable.
var background = func() { <-never }

func init() {
	setup := func() { never = make(chan struct{}) }
	setup()
}

var verbose = func() bool { return len(os.Args) > 3 }

func init() {
	go func() {
		<-never
	}()
}

// every returns a closure; it has grown too large to be inlined.
func every(stop <-chan struct{}) func() {
	total := 0
	for n := 0; n < len(os.Args); n++ {
		total += len(os.Args[n]) * n
		if total > 1000 {
			total = cap(os.Args) + len(os.Args)/2 + total%7
		}
		for m := n; m < total; m += 100 {
			total -= len(os.Args[n][:m%2]) + m*m%3 + n*n%5 + len(os.Args[0])
		}
	}
	if total < 0 {
		panic(total)
	}
	return func() {
		for range stop {
		}
	}
}

// guarded calls back; small enough to be inlined.
func guarded(mu sync.Locker, f func()) {
	mu.Lock()
	f()
	mu.Unlock()
}

func watch(ctx context.Context, out chan<- int) {
	for {
		select {
		case <-ctx.Done():
			return
		case out <- 1:
		}
	}
}

func descend(depth int) int {
	if depth == 0 {
		<-never
		return 0
	}
	return descend(depth-1) + 1
}

func main() {
	sum := func(numbers ...int) (sum int) {
		for _, number := range numbers {
			sum += number
		}
		return sum
	}
	defer func() { _ = sum(1, 2) }()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	for i := 0; i < 8; i++ {
		go func() {
			<-never
		}()
	}
	for i := 0; i < 5; i++ {
		go func() {
			inner := make(chan int)
			go func() {
				inner <- 1
			}()
			select {}
		}()
	}
	for i := 0; i < 6; i++ {
		go every(never)()
		go background()
		go watch(ctx, nil)
		go descend(4)
	}
	defer func() {
		recover()
	}()
	for i := 0; i < 4; i++ {
		go guarded(new(sync.Mutex), func() {
			var nothing chan int
			nothing <- 1
		})
		go time.Sleep(time.Hour)
	}
	time.AfterFunc(time.Millisecond, func() {
		<-never
	})
	consumer := queue.New[string](3)
	for i := 0; i < 7; i++ {
		go consumer.Consume(func(string) error { return nil })
	}
	queue.Spawn(3, func() {
		time.Sleep(time.Hour)
	})

	startPool(12)
	startStore()
	startGeneric()
	startDeferred()
	startServer()
	startLoops()
	time.Sleep(500 * time.Millisecond)
	dump(os.Args[1], 1)
	dump(os.Args[2], 2)
}

func dump(path string, debug int) {
	file, err := os.Create(path)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	pprof.Lookup("goroutine").WriteTo(file, debug)
}

// The function given to a Once comes back to the same Once.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

var (
	once     sync.Once
	settings map[string]string
)

func Settings() map[string]string {
	once.Do(load)
	return settings
}

func load() {
	settings = map[string]string{"level": defaultLevel()}
}

func defaultLevel() string {
	return Settings()["fallback"]
}

func main() {
	for i := 0; i < 6; i++ {
		go Settings()
	}
	time.Sleep(50 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

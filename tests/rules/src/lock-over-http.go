// A cache asks a server for a missing value while it holds its lock; the server does not answer.
package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Cache struct {
	url   string
	mu    sync.Mutex
	items map[string]*http.Response
}

func (c *Cache) Get(key string) *http.Response {
	c.mu.Lock()
	defer c.mu.Unlock()
	if item, ok := c.items[key]; ok {
		return item
	}
	item, err := http.Get(c.url)
	if err != nil {
		return nil
	}
	c.items[key] = item
	return item
}

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { select {} }))
	cache := &Cache{url: server.URL, items: map[string]*http.Response{}}
	for i := 0; i < 25; i++ {
		go cache.Get("key")
	}
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

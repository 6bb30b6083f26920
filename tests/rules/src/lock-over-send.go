// A hub sends to a subscriber while it holds its lock; nobody receives. The waiters stand at two lines.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type Hub struct {
	name        string
	subscribers []chan string
	mu          sync.Mutex
}

func (h *Hub) Broadcast(message string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, subscriber := range h.subscribers {
		subscriber <- message
	}
}

func (h *Hub) Subscribe() chan string {
	subscriber := make(chan string)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subscribers = append(h.subscribers, subscriber)
	return subscriber
}

func main() {
	hub := &Hub{name: "h"}
	hub.Subscribe()
	go hub.Broadcast("first")
	time.Sleep(50 * time.Millisecond)
	for i := 0; i < 24; i++ {
		go hub.Subscribe()
		if i%8 == 0 {
			go hub.Broadcast("next")
		}
	}
	time.Sleep(100 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
}

// A server whose clients keep their connections, and a client that pools them.
package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"
)

func main() {
	level, _ := strconv.Atoi(os.Args[1])
	n, _ := strconv.Atoi(os.Args[2])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	var gate sync.WaitGroup
	gate.Add(n)
	server := &http.Server{IdleTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		gate.Done()
		gate.Wait() // so that each request has a connection of its own
		io.WriteString(w, "ok")
	})}
	go server.Serve(listener)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	var calls sync.WaitGroup
	for i := 0; i < n; i++ {
		calls.Add(1)
		go func() {
			defer calls.Done()
			resp, err := client.Get("http://" + listener.Addr().String())
			if err != nil {
				panic(err)
			}
			defer resp.Body.Close()
			io.Copy(io.Discard, resp.Body)
		}()
	}
	calls.Wait()
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, level)
}

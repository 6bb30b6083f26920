// Clients that connect to a server and say nothing.
package main

import (
	"net"
	"net/http"
	"os"
	"runtime/pprof"
	"strconv"
	"time"
)

func main() {
	level, _ := strconv.Atoi(os.Args[1])
	n, _ := strconv.Atoi(os.Args[2])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, nil)
	for i := 0; i < n; i++ {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			panic(err)
		}
		defer conn.Close()
	}
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, level)
}

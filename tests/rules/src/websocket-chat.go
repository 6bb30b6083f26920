// A chat whose clients are all connected: a readPump and a writePump for each. With "leave", most clients leave and
// their writePump stays.
package main

import (
	"net"
	"net/http"
	"os"
	"runtime/pprof"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

type client struct {
	conn *websocket.Conn
	send chan []byte
}

func (c *client) readPump() {
	defer c.conn.Close()
	for {
		if _, _, err := c.conn.ReadMessage(); err != nil {
			return
		}
	}
}

func (c *client) writePump() {
	for message := range c.send { // CULPRIT
		c.conn.WriteMessage(websocket.TextMessage, message)
	}
}

func serve(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &client{conn, make(chan []byte, 16)}
	go c.writePump()
	go c.readPump()
}

func main() {
	level, _ := strconv.Atoi(os.Args[1])
	n, _ := strconv.Atoi(os.Args[2])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, http.HandlerFunc(serve))
	for i := 0; i < n; i++ {
		conn, _, err := websocket.DefaultDialer.Dial("ws://"+listener.Addr().String(), nil)
		if err != nil {
			panic(err)
		}
		if len(os.Args) > 3 && i%10 > 0 {
			conn.Close()
		} else {
			defer conn.Close()
		}
	}
	time.Sleep(300 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, level)
}

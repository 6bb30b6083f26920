// One mistake for each word on the command line, and a healthy service; dumps are written beside the second word.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

type conn struct{}

func (conn) Prepare(q string) (driver.Stmt, error) { return stmt{}, nil }
func (conn) Close() error                          { return nil }
func (conn) Begin() (driver.Tx, error)             { return tx{}, nil }

type tx struct{}

func (tx) Commit() error   { return nil }
func (tx) Rollback() error { return nil }

type stmt struct{}

func (stmt) Close() error                                    { return nil }
func (stmt) NumInput() int                                   { return 0 }
func (stmt) Exec(args []driver.Value) (driver.Result, error) { return nil, errors.New("x") }
func (stmt) Query(args []driver.Value) (driver.Rows, error)  { return rows{}, nil }

type rows struct{}

func (rows) Columns() []string              { return []string{"a"} }
func (rows) Close() error                   { return nil }
func (rows) Next(dest []driver.Value) error { dest[0] = int64(1); return nil }

type drv struct{}

func (drv) Open(string) (driver.Conn, error) { return conn{}, nil }

type Account struct {
	mu  sync.Mutex
	bal int
}

func transfer(a, b *Account, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	b.mu.Lock()
	defer b.mu.Unlock()
	a.bal -= n
	b.bal += n
}
func (a *Account) Balance() int { a.mu.Lock(); defer a.mu.Unlock(); return a.bal }

type Cache struct {
	mu sync.RWMutex
	m  map[string]string
	ch chan int
}

func (c *Cache) Get(k string) string { c.mu.RLock(); defer c.mu.RUnlock(); return c.m[k] }
func (c *Cache) Refresh()            { c.mu.Lock(); defer c.mu.Unlock(); <-c.ch }
func (c *Cache) Outer(d chan bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	d <- true
	time.Sleep(50 * time.Millisecond)
	c.Get("a")
}
func (c *Cache) Set(k, v string) { c.mu.Lock(); defer c.mu.Unlock(); c.m[k] = v }

type Hub struct {
	mu   sync.Mutex
	subs []chan int
}

func (h *Hub) Subscribe(ctx context.Context) {
	ch := make(chan int)
	h.mu.Lock()
	h.subs = append(h.subs, ch)
	h.mu.Unlock()
	go h.pump(ctx, ch)
}
func (h *Hub) pump(ctx context.Context, ch chan int) {
	for {
		select {
		case <-ch:
		case <-ctx.Done():
			return
		}
	}
}

func main() {
	n := 60
	switch os.Args[1] {
	case "nilchan":
		for i := 0; i < 5; i++ {
			go func() { var c chan int; c <- 1 }()
		}
	case "abba":
		a, b := &Account{}, &Account{}
		go transfer(a, b, 1)
		go transfer(b, a, 2)
		time.Sleep(100 * time.Millisecond)
		for i := 0; i < n; i++ {
			go a.Balance()
		}
	case "rwmutex":
		c := &Cache{m: map[string]string{}, ch: make(chan int)}
		go c.Refresh()
		time.Sleep(50 * time.Millisecond)
		for i := 0; i < n; i++ {
			go c.Get("a")
		}
		go c.Set("a", "b")
	case "rlock2":
		c := &Cache{m: map[string]string{}}
		d := make(chan bool)
		go c.Outer(d)
		<-d
		go c.Set("a", "b")
		time.Sleep(200 * time.Millisecond)
		for i := 0; i < n; i++ {
			go c.Get("a")
		}
	case "waitgroup":
		for i := 0; i < n; i++ {
			go func() {
				var wg sync.WaitGroup
				wg.Add(2)
				go func() { wg.Done() }()
				wg.Wait()
			}()
		}
	case "sqlpool":
		sql.Register("fake", drv{})
		db, _ := sql.Open("fake", "")
		db.SetMaxOpenConns(5)
		for i := 0; i < n; i++ {
			go func() {
				r, err := db.Query("select 1")
				if err != nil {
					panic(err)
				}
				r.Next() // never closed
			}()
		}
	case "sleep":
		for i := 0; i < n; i++ {
			go func() {
				for {
					time.Sleep(time.Hour)
				}
			}()
		}
	case "websocket":
		h := &Hub{}
		for i := 0; i < n; i++ {
			h.Subscribe(context.Background())
		}
	case "hung", "body":
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if os.Args[1] == "hung" {
				select {}
			}
			w.Write(bytes.Repeat([]byte("x"), 100000))
		}))
		for i := 0; i < n; i++ {
			go func() {
				resp, err := http.Get(srv.URL)
				if err != nil {
					panic(err)
				}
				_ = resp
			}()
		}
	case "healthy":
		sql.Register("fake", drv{})
		db, _ := sql.Open("fake", "")
		db.SetMaxOpenConns(10)
		var a Account
		jobs := make(chan int)
		for i := 0; i < 100; i++ {
			go func() {
				for range jobs {
					a.Balance()
				}
			}()
		}
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a.Balance()
			rs, err := db.QueryContext(r.Context(), "select 1")
			if err == nil {
				rs.Next()
				rs.Close()
			}
			time.Sleep(5 * time.Millisecond)
			fmt.Fprintln(w, "ok")
		}))
		tr := &http.Transport{MaxIdleConnsPerHost: 100}
		cl := &http.Client{Transport: tr, Timeout: 5 * time.Second}
		for i := 0; i < 80; i++ {
			go func() {
				for {
					resp, err := cl.Get(srv.URL)
					if err == nil {
						io.Copy(io.Discard, resp.Body)
						resp.Body.Close()
					}
					time.Sleep(time.Millisecond)
				}
			}()
		}
		// idle keep-alive connections
		for i := 0; i < 300; i++ {
			c, _ := net.Dial("tcp", srv.Listener.Addr().String())
			fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		}
		go func() {
			t := time.NewTicker(time.Second)
			for range t.C {
			}
		}()
	}
	time.Sleep(700 * time.Millisecond)
	if len(os.Args) > 3 {
		time.Sleep(250 * time.Second)
	}
	for _, d := range []struct {
		ext   string
		debug int
	}{{"debug2.txt", 2}, {"debug1.txt", 1}, {"pb.gz", 0}} {
		f, _ := os.Create(os.Args[2] + "." + d.ext)
		pprof.Lookup("goroutine").WriteTo(f, d.debug)
		f.Close()
	}
}

package main

import (
	"io"
	"net"
	"sync"
	"time"
)

type pool struct {
	jobs chan func()
	wg   sync.WaitGroup
	cond *sync.Cond
	once sync.Once
}

func (p *pool) run() {
	defer p.wg.Done()
	for job := range p.jobs {
		job()
	}
}

func (p *pool) tick() {
	ticker := time.NewTicker(time.Hour)
	for {
		select {
		case <-ticker.C:
			p.cond.Broadcast()
		case <-never:
			return
		}
	}
}

func (p *pool) open() {
	p.once.Do(func() {
		<-never
	})
}

func (p *pool) each(f func(int)) {
	for i := 0; i < 4; i++ {
		i := i
		go func() {
			f(i)
		}()
	}
}

func startPool(n int) {
	p := &pool{jobs: make(chan func()), cond: sync.NewCond(new(sync.Mutex))}
	p.wg.Add(n)
	for i := 0; i < n; i++ {
		go p.run()
	}
	p.jobs <- func() { <-never }
	p.jobs <- func() {
		time.Sleep(time.Hour)
	}
	tick := p.tick
	go tick()
	for i := 0; i < 3; i++ {
		go p.wg.Wait()
		go func() {
			p.cond.L.Lock()
			p.cond.Wait()
		}()
		go p.open()
	}
	lost := make(chan int)
	p.each(func(i int) {
		lost <- i
	})
	p.each(func(i int) {
		reader, _ := io.Pipe()
		io.ReadAll(reader)
	})
	startListener()
}

func startListener() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go echo(conn)
		}
	}()
	for i := 0; i < 5; i++ {
		net.Dial("tcp", listener.Addr().String())
	}
}

func echo(conn net.Conn) {
	defer conn.Close()
	io.Copy(conn, conn)
}

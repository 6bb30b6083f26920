package main

import (
	"net"
	"net/http"
)

func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
	})
}

type slow struct{ release chan struct{} }

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case <-s.release:
	case <-r.Context().Done():
	}
}

func startServer() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/slow", logged(&slow{release: make(chan struct{})}))
	mux.HandleFunc("/lost", func(w http.ResponseWriter, r *http.Request) {
		<-never
	})
	server := &http.Server{Handler: mux}
	go server.Serve(listener)
	for i := 0; i < 5; i++ {
		for _, path := range []string{"/slow", "/lost"} {
			path := path
			go func() {
				http.Get("http://" + listener.Addr().String() + path)
			}()
		}
	}
}

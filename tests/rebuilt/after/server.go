package main

// The line numbers of this version differ from those of the other.
//
// Nothing else in this comment matters.

import (
	"net"
	"net/http"
	"os"
)

func logged(next http.Handler) http.Handler {
	if os.Getenv("DEPOT_QUIET") != "" || os.Getenv("CI") != "" {
		return next
	}
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
	mux.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})
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

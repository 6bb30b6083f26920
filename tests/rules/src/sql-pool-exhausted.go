// Transactions that nobody ends take every connection of a pool; the others wait for one.
package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"runtime/pprof"
	"strconv"
	"time"
)

type fake struct{}

func (fake) Open(string) (driver.Conn, error)    { return conn{}, nil }
func (conn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("not supported") }
func (conn) Close() error                        { return nil }
func (conn) Begin() (driver.Tx, error)           { return tx{}, nil }
func (tx) Commit() error                         { return nil }
func (tx) Rollback() error                       { return nil }

type conn struct{}
type tx struct{}

type store struct{ db *sql.DB }

func (s *store) reserve(ctx context.Context) error {
	_, err := s.db.BeginTx(ctx, nil) // CULPRIT
	return err
}

func main() {
	level, _ := strconv.Atoi(os.Args[1])
	sql.Register("fake", fake{})
	db, err := sql.Open("fake", "")
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(4)
	s := &store{db}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for i := 0; i < 26; i++ {
		go s.reserve(ctx)
	}
	time.Sleep(300 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, level)
}

// Each call opens a database of its own and never closes it.
package main

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"runtime/pprof"
	"strconv"
	"time"
)

type fake struct{}

func (fake) Open(string) (driver.Conn, error) { return nil, errors.New("not supported") }

func find() error {
	db, err := sql.Open("fake", "")
	if err != nil {
		return err
	}
	return db.Ping()
}

func main() {
	level, _ := strconv.Atoi(os.Args[1])
	sql.Register("fake", fake{})
	for i := 0; i < 30; i++ {
		find()
	}
	time.Sleep(200 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, level)
}

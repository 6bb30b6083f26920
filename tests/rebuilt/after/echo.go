package main

import (
	"io"
	"net"
)

func echo(conn net.Conn) {
	defer conn.Close()
	io.Copy(conn, conn)
}

// Clients of a gRPC health service. With "abandon", each opens a watch, receives once and forgets it; otherwise the
// connections are idle.
package main

import (
	"context"
	"net"
	"os"
	"runtime/pprof"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	pb "google.golang.org/grpc/health/grpc_health_v1"
)

func watch(client pb.HealthClient) error {
	ctx, _ := context.WithCancel(context.Background())
	stream, err := client.Watch(ctx, &pb.HealthCheckRequest{})
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}

func main() {
	level, _ := strconv.Atoi(os.Args[1])
	n, _ := strconv.Atoi(os.Args[2])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := grpc.NewServer()
	pb.RegisterHealthServer(server, health.NewServer())
	go server.Serve(listener)
	var conn *grpc.ClientConn
	for i := 0; i < n; i++ {
		if conn == nil || len(os.Args) < 4 {
			conn, err = grpc.Dial(listener.Addr().String(), grpc.WithInsecure(), grpc.WithBlock())
			if err != nil {
				panic(err)
			}
		}
		client := pb.NewHealthClient(conn)
		if len(os.Args) > 3 {
			err = watch(client)
		} else {
			_, err = client.Check(context.Background(), &pb.HealthCheckRequest{})
		}
		if err != nil {
			panic(err)
		}
	}
	time.Sleep(300 * time.Millisecond)
	pprof.Lookup("goroutine").WriteTo(os.Stdout, level)
}

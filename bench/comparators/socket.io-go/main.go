// The contract of bench_server on the Go port of Socket.IO, with its defaults.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/zishang520/socket.io/servers/socket/v3"
)

func connected(io *socket.Server, client *socket.Socket) {
	room := socket.Room("bench")

	client.On("echo", func(args ...any) {
		last := len(args) - 1
		args[last].(socket.Ack)(args[:last], nil)
	})
	client.On("join", func(args ...any) {
		room = socket.Room(args[0].(string))
		client.Join(room)
		args[1].(socket.Ack)([]any{}, nil)
	})
	client.On("msg", func(args ...any) {
		io.To(room).Emit("msg", args...)
	})
}

func main() {
	port := flag.Int("port", 0, "where to listen on 127.0.0.1")
	flag.Parse()

	io := socket.NewServer(nil, nil)
	io.On("connection", func(clients ...any) {
		connected(io, clients[0].(*socket.Socket))
	})
	http.Handle("/socket.io/", io.ServeHandler(nil))

	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}

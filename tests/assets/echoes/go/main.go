// An echo over TCP: "echoes server PORT", or "echoes client HOST PORT" with what is to come back on stdin.
package main

import (
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"example.org/relay"
)

func serve(port string) error {
	listener, err := net.Listen("tcp4", ":"+port)
	if err != nil {
		return err
	}
	for {
		peer, err := listener.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer peer.Close()
			_ = relay.Copy(peer, peer)
		}()
	}
}

func ask(host, port string) error {
	server, err := net.Dial("tcp4", net.JoinHostPort(host, port))
	if err != nil {
		return err
	}
	go func() {
		_ = relay.Copy(server, os.Stdin)
		_ = server.(*net.TCPConn).CloseWrite()
	}()
	return relay.Copy(os.Stdout, server)
}

func main() {
	stops := make(chan os.Signal, 1)
	signal.Notify(stops, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-stops
		os.Exit(0)
	}()
	words := os.Args[1:]
	var err error
	switch {
	case len(words) == 2 && words[0] == "server":
		err = serve(words[1])
	case len(words) == 3 && words[0] == "client":
		err = ask(words[1], words[2])
	default:
		log.Fatal("usage: echoes server PORT | echoes client HOST PORT")
	}
	if err != nil {
		log.Fatal(err)
	}
}

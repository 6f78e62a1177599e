// tests/client/hello_world.cpp with socket.io-client-cpp: how large it is, and how long it takes to compile.
#include <sio_client.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sio::client client;
  auto const socket = client.socket();
  socket->on("hello", sio::socket::event_listener([](sio::event& event) {
               std::cout << "hello " << event.get_message()->get_string() << std::endl;
             }));
  client.set_socket_open_listener([&](std::string const&) {
    socket->emit("hello", std::string("world"),
                 [](sio::message::list const& reply) { std::cout << reply.size() << std::endl; });
  });
  client.connect(argv[1]);
  std::cin.get();
}

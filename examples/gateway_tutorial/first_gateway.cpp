// A first gateway: a namespace, its messages, and what they answer.
#include "../port.hpp"

#include <aerie/gateway/gateways.hpp>

#include <string>

class ChatGateway {
 public:
  static void describe(aerie::Gateway<ChatGateway>& g) {
    g.at("/chat");
    g.on<&ChatGateway::join>("join");
    g.on<&ChatGateway::say>("say");
    g.connected<&ChatGateway::opened>();
  }

 private:
  void opened(aerie::Socket& socket) { socket.emit("welcome", socket.id()); }

  // What a handler returns is the acknowledgement.
  std::string join(aerie::Socket& socket, std::string const& room) {
    socket.join(room);
    return "welcome to " + room;
  }

  void say(aerie::Socket& socket, aerie::Body<"room", std::string> room,
           aerie::Body<"text", std::string> text) {
    socket.nsp().to(*room).emit("said", *text);
  }
};

struct AppModule {
  static void describe(aerie::Module& m) { m.gateways<ChatGateway>(); }
};

int main(int argc, char** argv) {
  auto app = aerie::Application::create<AppModule>();
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}

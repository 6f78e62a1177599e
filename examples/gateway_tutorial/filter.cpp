// What clients are told when something goes wrong, and what happens around every message.
#include "../port.hpp"

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>

// An error of the application's own: it knows nothing of sockets.
class RoomFull : public std::runtime_error {
 public:
  explicit RoomFull(std::string room) : std::runtime_error("the room is full"), room_(std::move(room)) {}
  std::string const& room() const { return room_; }

 private:
  std::string room_;
};

// The type of the first parameter says which errors are meant.
class RoomFullFilter {
 public:
  void on_exception(RoomFull const& error, aerie::ExecutionContext& context) {
    context.emit("roomFull", aerie::Value(aerie::Object{{"room", error.room()}, {"message", error.what()}}));
  }
};

// Around every handler: before it, and after it.
class LoggingInterceptor {
 public:
  aerie::Task<aerie::Reply> intercept(aerie::ExecutionContext& context, aerie::CallHandler& next) {
    std::cout << "> " << context.pattern() << std::endl;
    auto reply = co_await next();
    std::cout << "< " << context.pattern() << std::endl;
    co_return reply;
  }
};

class ChatGateway {
 public:
  static void describe(aerie::Gateway<ChatGateway>& g) {
    g.at("/chat");
    g.on<&ChatGateway::join>("join").use<RoomFullFilter>();
    g.on<&ChatGateway::leave>("leave");
    g.on<&ChatGateway::save>("save");
  }

 private:
  static constexpr std::int64_t seats = 2;

  std::int64_t join(aerie::Socket& socket, std::string const& room) {
    if (taken_[room] == seats) throw RoomFull(room);
    socket.join(room);
    return ++taken_[room];
  }
  void leave() { throw aerie::WsException("nobody leaves"); }  // told to the client
  void save() { throw std::runtime_error("disk full"); }       // not: "Internal server error", and the log

  std::map<std::string, std::int64_t> taken_;
};

struct AppModule {
  static void describe(aerie::Module& m) { m.gateways<ChatGateway>(); }
};

int main(int argc, char** argv) {
  auto app = aerie::Application::create<AppModule>();
  app.use<LoggingInterceptor>();  // globally: gateways and controllers alike
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}

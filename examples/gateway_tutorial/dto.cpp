// Described messages, rules for them, and a service that the gateway is given.
#include "../port.hpp"

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct NewMessage {
  std::string room;
  std::string text;
  std::optional<std::int64_t> answers;  // may be missing

  static void describe(aerie::Schema<NewMessage>& s) {
    s.field<&NewMessage::room>().length(1, 32);
    s.field<&NewMessage::text>().length(1, 500);
    s.field<&NewMessage::answers>("answersMessage").minimum(1);
  }
};

struct Message {
  std::int64_t id = 0;
  std::string text;

  static void describe(aerie::Schema<Message>& s) {
    s.field<&Message::id>();
    s.field<&Message::text>();
  }
};

class ChatService {
 public:
  Message add(NewMessage const& message) {
    messages_.push_back({static_cast<std::int64_t>(messages_.size()) + 1, message.text});
    return messages_.back();
  }

 private:
  std::vector<Message> messages_;
};

class ChatGateway {
 public:
  // What it needs, it takes by reference; the module says where it comes from.
  explicit ChatGateway(ChatService& chat) : chat_(chat) {}

  static void describe(aerie::Gateway<ChatGateway>& g) {
    g.at("/chat");
    g.on<&ChatGateway::join>("join");
    g.on<&ChatGateway::send>("send");
  }

 private:
  void join(aerie::Socket& socket, aerie::Body<"room", std::string> room) { socket.join(*room); }

  Message send(aerie::Socket& socket, NewMessage const& request) {
    auto const message = chat_.add(request);
    socket.to(request.room).emit("message", message);
    return message;
  }

  ChatService& chat_;
};

struct ChatModule {
  static void describe(aerie::Module& m) {
    m.provides<ChatService>();
    m.gateways<ChatGateway>();
  }
};

int main(int argc, char** argv) {
  auto app = aerie::Application::create<ChatModule>();
  app.use<aerie::ValidationPipe>({.whitelist = true});
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}

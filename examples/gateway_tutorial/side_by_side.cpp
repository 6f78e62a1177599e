// What docs/nestjs.md puts beside NestJS' own documentation.
#include "../port.hpp"

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct Cat {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> owner{};

  static void describe(aerie::Schema<Cat>& s) {
    s.field<&Cat::id>().minimum(1);
    s.field<&Cat::name>().length(1, 20);
    s.field<&Cat::owner>().is_email();
  }
};

class CatsService {
 public:
  void on_module_init() { cats_ = {{1, "Mia"}, {2, "Tom"}}; }

  Cat const& at(std::int64_t id) const {
    for (auto const& cat : cats_)
      if (cat.id == id) return cat;
    throw aerie::NotFoundException("no such cat");
  }

 private:
  std::vector<Cat> cats_;
};

class CatsController {
 public:
  explicit CatsController(CatsService& cats) : cats_(cats) {}

  static void describe(aerie::Controller<CatsController>& c) {
    c.at("/cats");
    c.get<&CatsController::find_one>(":id");
  }

 private:
  Cat find_one(aerie::Param<"id", std::int64_t, aerie::ParseInt> id) { return cats_.at(*id); }

  CatsService& cats_;
};

class EventsGateway {
 public:
  static void describe(aerie::Gateway<EventsGateway>& g) {
    g.at("events").options({.cors = aerie::http::CorsOptions{.origin = "*"}});
    g.after_init<&EventsGateway::after_init>();
    g.connected<&EventsGateway::handle_connection>();
    g.disconnected<&EventsGateway::handle_disconnect>();
    g.use<aerie::ValidationPipe>();
    g.on<&EventsGateway::identity>();
    g.on<&EventsGateway::name_of>("nameOf");
    g.on<&EventsGateway::by_hand>("byHand");
    g.on<&EventsGateway::created>("create");
    g.on<&EventsGateway::count>("count");
  }

 private:
  void after_init(aerie::Namespace& server) { server_ = &server; }
  void handle_connection(aerie::Socket& client) { client.join("everybody"); }
  void handle_disconnect(aerie::Socket&, aerie::DisconnectReason) {}

  Cat identity(Cat const& data) { return data; }
  std::string name_of(aerie::Body<"name", std::string> name) { return *name; }
  void by_hand(std::string const& data, aerie::Ack<std::string> ack) { ack(data + ", by hand"); }
  aerie::Event<Cat> created(Cat const& data) { return {"created", data}; }
  aerie::Generator<aerie::Event<std::int64_t>> count() {
    for (std::int64_t number = 1; number <= 3; ++number) {
      aerie::Event<std::int64_t> event{"number", number};
      co_yield event;
    }
  }

  aerie::Namespace* server_ = nullptr;
};

struct CatsModule {
  static void describe(aerie::Module& m) {
    m.provides<CatsService>();
    m.controllers<CatsController>();
    m.gateways<EventsGateway>();
    m.exports<CatsService>();
  }
};

int main(int argc, char** argv) {
  auto app = aerie::Application::create<CatsModule>();
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}

#include "engine_only.hpp"

#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace conformance {

namespace {

using aerie::engineio::Session;

void send_numbers(Session& session, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    session.send_text(std::to_string(i));
}

/// Two numbers follow a command; both may be missing.
using Command = std::function<void(Session&, std::size_t, std::size_t)>;

using CommandTable = std::map<std::string, Command>;

CommandTable table_of_commands(Log& log) {
  return {
      {"!close", [](Session& session, auto...) { session.close(); }},
      {"!discard", [](Session& session, auto...) { session.close(true); }},
      {"!send",
       [](Session& session, std::size_t count, std::size_t size) {
         for (std::size_t i = 0; i < count; ++i)
           session.send_text(std::to_string(i) + ":" + std::string(size, 'x'));
       }},
      {"!plain",
       [](Session& session, std::size_t size, auto) { session.send_text(std::string(size, 'x'), false); }},
      {"!send-close",
       [](Session& session, std::size_t count, auto) {
         send_numbers(session, count);
         session.close();
       }},
      {"!send-discard",
       [](Session& session, std::size_t count, auto) {
         send_numbers(session, count);
         session.close(true);
       }},
      {"!transport", [](Session& session, auto...) { session.send_text(to_string(session.transport())); }},
      {"!callbacks",
       [&log](Session& session, std::size_t count, auto) {
         for (std::size_t i = 0; i < count; ++i) {
           session.send_text("cb" + std::to_string(i));
           session.when_buffered(0, [&log, i](bool sent) {
             if (sent) log.add("sent", {{"n", i}});
           });
         }
       }},
  };
}

class Echo final : public aerie::engineio::SessionHandler {
 public:
  Echo(Session& session, std::shared_ptr<CommandTable const> commands)
      : session_(session), commands_(std::move(commands)) {}

  void on_text(std::string_view text) override {
    if (text.starts_with('!')) {
      obey(std::string(text));
    } else {
      session_.send_text(text);
    }
  }
  void on_binary(std::string_view bytes) override { session_.send_binary(bytes); }
  void on_close(aerie::engineio::CloseReason) override {}

 private:
  void obey(std::string const& text) {
    std::istringstream words(text);
    std::string name;
    std::size_t first = 0;
    std::size_t second = 0;
    words >> name >> first >> second;
    auto const found = commands_->find(name);
    if (found != commands_->end()) found->second(session_, first, second);
  }

  Session& session_;
  std::shared_ptr<CommandTable const> commands_;
};

}  // namespace

aerie::engineio::ServerOptions engine_options(aerie::ServerOptions const& options) {
  auto engine = options.engine;
  engine.path = options.path;
  return engine;
}

void serve_engine(aerie::engineio::Server& engine, Log& log) {
  engine.hooks.connection =
      [&log, commands = std::make_shared<CommandTable const>(table_of_commands(log))](Session& session) {
        session.set_handler(std::make_unique<Echo>(session, commands));
        auto& events = session.events();
        events.flush = [&log, sid = std::string(session.id())] { log.add("flush", {{"sid", sid}}); };
        events.drain = [&log, sid = std::string(session.id())] { log.add("drain", {{"sid", sid}}); };
      };
}

}  // namespace conformance

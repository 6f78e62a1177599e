#include "connect.hpp"

#include "command_error.hpp"
#include "line_editor.hpp"
#include "offered_events.hpp"
#include "terminal.hpp"
#include "typed_line.hpp"

#include <aerie/client.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/socketio/packet.hpp>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <ostream>
#include <set>
#include <thread>
#include <utility>

namespace aerie::cli {

namespace {

constexpr int succeeded = 0;
constexpr int refused = 1;
// A server that does not take the goodbye must not keep a shell waiting.
constexpr std::chrono::milliseconds longest_goodbye{500};

struct Emitted {
  std::string event;
  std::vector<Value> args;
};

std::optional<Value> json_in(std::string const& text) {
  Value value;
  if (!utf8::is_valid(text) || !json::parse(text, value).ok()) return std::nullopt;
  return value;
}

/// Nothing if a word that should be a JSON array is none.
std::optional<std::vector<Emitted>> emitted(std::vector<std::string> const& words) {
  std::vector<Emitted> result;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    auto const args = json_in(words[i + 1]);
    auto const* const array = args ? args->get_if<Array>() : nullptr;
    if (array == nullptr) return std::nullopt;
    result.push_back({words[i], {array->begin(), array->end()}});
  }
  return result;
}

client::Options options_for(ConnectCommand const& command) {
  client::Options options;
  if (command.transport == "polling") options.transports = {client::Transport::polling};
  if (command.transport == "websocket") options.transports = {client::Transport::websocket};
  if (!command.auth.empty()) options.auth = *json_in(command.auth);
  options.proxy = command.proxy;
  options.tls.verify = !command.insecure;
  options.tls.ca_file = command.ca_file;
  for (auto const& line : command.headers) {
    auto const colon = line.find(':');
    options.extra_headers.emplace_back(
        line.substr(0, colon), line.substr(std::min(line.find_first_not_of(' ', colon + 1), line.size())));
  }
  return options;
}

/// How a terminal shows the first word of a line.
std::string_view colour_of(std::string_view type) {
  if (type == "connect") return "\x1b[32m";
  if (type == "event") return "\x1b[36m";
  if (type == "ack") return "\x1b[34m";
  if (type == "disconnect") return "\x1b[33m";
  return "\x1b[31m";
}

/// One connection, from the first attempt to the last line.
class Talk {
 public:
  Talk(ConnectCommand const& command, std::ostream& out)
      : command_(command), out_(out), emitted_(*emitted(command.emit)), waiting_(command.wait) {}

  /// A name that is still being looked up, which may take longer than anybody wants to wait, keeps its
  /// runtime.
  ~Talk() {
    if (!is_connected_)
      std::thread([runtime = std::move(runtime_)]() mutable { runtime = nullptr; }).detach();
  }
  Talk(Talk const&) = delete;
  Talk& operator=(Talk const&) = delete;

  int run() {
    client::Manager const manager(*runtime_, command_.url, options_for(command_));
    auto const socket = command_.nsp.empty() ? manager.socket() : manager.socket(command_.nsp);
    listen(socket);
    if (command_.interactive) {
      socket.connect();
      converse(socket);
      manager.close();
      say_goodbye();
      return status_.value_or(succeeded);
    }
    auto const limit = duration(command_.timeout).value_or(std::chrono::seconds(5));
    auto const deadline = after(*runtime_, limit, [this] {
      if (!command_.listen) report("error", {{"message", "timeout"}});
      finish(command_.listen ? succeeded : refused);
    });
    runtime_->on_signal({SIGINT, SIGTERM}, [this](int) { finish(command_.listen ? succeeded : refused); });
    socket.connect();
    runtime_->run();
    // What is under way is still sent, and the server told.
    manager.close();
    say_goodbye();
    return *status_;
  }

 private:
  void listen(client::Socket const& socket) {
    socket.on("connect", [this, socket] { connected(socket); });
    socket.on("connect_error", [this, socket](std::string const& message, Value data) {
      Object line{{"message", message}};
      if (!data.is_undefined()) line.set("data", std::move(data));
      report("error", std::move(line));
      // Who has been connected comes back by itself, unless the server does not want it; who sits there
      // waits.
      if (command_.interactive && socket.active()) return;
      if (!is_connected_ || !socket.active()) finish(refused);
    });
    socket.on("disconnect", [this](std::string const& reason, std::string const& description) {
      Object line{{"reason", reason}};
      if (!description.empty()) line.set("description", description);
      report("disconnect", std::move(line));
      if (reason == "io server disconnect") finish(refused);
    });
    socket.on_any([this](std::string_view event, Args const& args) {
      remember(std::string(event));
      report("event", {{"event", event}, {"args", Array(args.values())}});
      if (auto const found = std::ranges::find(waiting_, event); found != waiting_.end())
        waiting_.erase(found);
      check();
    });
  }

  void connected(client::Socket const& socket) {
    report("connect", {{"id", socket.id()}, {"namespace", socket.nsp()}});
    for (auto const& [event, args] : std::exchange(emitted_, {})) {
      std::vector<EncodableRef> const refs(args.begin(), args.end());
      if (!command_.ack) {
        socket.emit_args(event, refs);
        continue;
      }
      ++unanswered_;
      socket.emit_args(event, refs, [this, event = event](AckReply const& reply) {
        if (!reply.ok()) {
          report("error", {{"message", to_string(reply.error())}, {"event", event}});
          return finish(refused);
        }
        --unanswered_;
        Object line{{"args", Array(reply.args().values())}};
        if (emits_several_) line.set("event", event);
        report("ack", std::move(line));
        check();
      });
    }
    is_connected_ = true;
    check();
  }

  // --- At a terminal

  void converse(client::Socket const& socket) {
    RawTerminal const terminal;
    auto const file = history_file("connect_history");
    editor_ = std::make_unique<LineEditor>(
        "> ", read_history(file), [this](std::string_view word) { return known_events(word); },
        terminal.columns());
    ask_for_contract(socket.nsp());
    editor_->show(screen_);
    std::array<pollfd, 2> waiting{{{STDIN_FILENO, POLLIN, 0}, {runtime_->descriptor(), POLLIN, 0}}};
    while (!status_) {
      runtime_->turn();
      out_ << std::exchange(screen_, {}) << std::flush;
      if (status_ || poll(waiting.data(), waiting.size(), -1) < 0) continue;
      if (waiting[0].revents != 0 && !take_keys(socket)) status_ = succeeded;
    }
    editor_->hide(screen_);
    out_ << std::exchange(screen_, {}) << std::flush;
    write_history(file, editor_->history());
    editor_ = nullptr;
    contract_ = nullptr;
  }

  /// False when nobody types any more.
  bool take_keys(client::Socket const& socket) {
    std::array<char, 256> keys;
    auto const size = read(STDIN_FILENO, keys.data(), keys.size());
    for (ssize_t i = 0; i < size; ++i) {
      auto const happened = editor_->take(keys[static_cast<std::size_t>(i)], screen_);
      if (happened == LineEditor::Happened::end) return false;
      if (happened != LineEditor::Happened::line) continue;
      send(socket, TypedLine::parse(editor_->take_line()));
      editor_->show(screen_);
    }
    return size > 0;
  }

  void send(client::Socket const& socket, TypedLine const& typed) {
    if (typed.event.empty()) return;
    if (socketio::is_reserved_event(typed.event)) {
      return report("error",
                    {{"message", "\"" + typed.event + "\" is a reserved event name; emit another one"}});
    }
    std::vector<EncodableRef> const refs(typed.args.begin(), typed.args.end());
    remember(typed.event);
    if (!typed.wants_ack && !command_.ack) return socket.emit_args(typed.event, refs);
    socket.emit_args(typed.event, refs, [this, event = typed.event](AckReply const& reply) {
      if (!reply.ok()) return report("error", {{"message", to_string(reply.error())}, {"event", event}});
      report("ack", {{"event", event}, {"args", Array(reply.args().values())}});
    });
  }

  /// Names for completion; of a server with a contract and of one without.
  void remember(std::string event) {
    if (command_.interactive) events_.insert(std::move(event));
  }
  std::vector<std::string> known_events(std::string_view word) const {
    auto const has_mark = word.starts_with('?');
    std::vector<std::string> found;
    for (auto const& event : events_) {
      if (event.starts_with(word.substr(has_mark ? 1 : 0))) found.push_back((has_mark ? "?" : "") + event);
    }
    return found;
  }
  void ask_for_contract(std::string const& nsp) {
    auto const url = client::Url::parse(command_.url);
    // Of a server behind a proxy, or TLS, only names are known that have come or were typed.
    if (command_.contract.empty() || url.secure || !command_.proxy.empty()) return;
    contract_ = std::make_unique<ContractReader>(runtime_->shard(0), [this, nsp](Value const& document) {
      for (auto& event : offered_events(document, nsp))
        remember(std::move(event));
    });
    contract_->ask(url.host, url.port, command_.contract);
  }

  /// Everything that was asked for has come?
  void check() {
    if (command_.interactive) return;
    if (is_connected_ && !command_.listen && unanswered_ == 0 && waiting_.empty()) finish(succeeded);
  }

  void finish(int status) {
    if (!status_) status_ = status;
    runtime_->stop();
  }

  void say_goodbye() {
    auto& shard = runtime_->shard(0);
    auto const end = std::chrono::steady_clock::now() + longest_goodbye;
    do {
      shard.turn(core::Milliseconds{10});
    } while (shard.counts().connections > 0 && std::chrono::steady_clock::now() < end);
  }

  void report(std::string_view type, Object line) {
    if (status_) return;
    if (command_.json) {
      Object whole{{"type", type}};
      for (auto& [name, value] : line)
        whole.set(name, value);
      out_ << json::stringify(Value(std::move(whole))) << std::endl;
      return;
    }
    if (editor_) editor_->hide(screen_);
    out_ << std::exchange(screen_, {});
    if (command_.colours) {
      out_ << colour_of(type) << type << "\x1b[0m";
    } else {
      out_ << type;
    }
    for (auto const& [name, value] : line)
      out_ << "  " << name << ' '
           << (value.is_string() ? std::string(value.as_string()) : json::stringify(value));
    out_ << std::endl;
    if (editor_) editor_->show(screen_);
  }

  ConnectCommand const& command_;
  std::ostream& out_;
  std::unique_ptr<Runtime> runtime_ =
      std::make_unique<Runtime>(RuntimeOptions{.worker_threads = 1, .log_level = LogLevel::error});
  std::vector<Emitted> emitted_;
  std::vector<std::string> waiting_;
  bool const emits_several_ = emitted_.size() > 1;
  std::size_t unanswered_ = 0;
  bool is_connected_ = false;
  std::optional<int> status_;

  std::unique_ptr<LineEditor> editor_;
  std::string screen_;  // what is to be written
  std::set<std::string> events_;
  std::unique_ptr<ContractReader> contract_;
};

}  // namespace

std::optional<std::chrono::milliseconds> duration(std::string const& text) {
  auto const end = std::min(text.find_first_not_of("0123456789."), text.size());
  auto const number = core::decimal<double>(std::string_view(text).substr(0, end));
  auto const unit = text.substr(end);
  if (!number || *number < 0 || *number > 1e9) return std::nullopt;
  double factor = 0;
  if (unit.empty() || unit == "s") factor = 1000;
  if (unit == "ms") factor = 1;
  if (unit == "m" || unit == "min") factor = 60'000;
  if (unit == "h") factor = 3'600'000;
  if (factor == 0) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*number * factor));
}

std::string ConnectCommand::objection() const {
  if (url.empty()) return "which server? Say `aerie connect http://localhost:3000`";
  if (!transport.empty() && transport != "polling" && transport != "websocket")
    return "--transport is polling or websocket";
  if (!duration(timeout)) return "--timeout is a time, like 5s or 250ms";
  if (!auth.empty() && !json_in(auth)) return "--auth is JSON, like '{\"token\":\"abc\"}'";
  if (!emitted(emit))
    return "--emit takes an event and its arguments, an array in JSON: --emit say '[\"hello\"]'";
  for (std::size_t i = 0; i < emit.size(); i += 2) {
    if (socketio::is_reserved_event(emit[i]))
      return "\"" + emit[i] + "\" is a reserved event name; emit another one";
  }
  for (auto const& line : headers)
    if (line.find(':') == line.npos)
      return "--header is a name and a value: --header 'Authorization: Bearer abc'";
  return {};
}

int connect(ConnectCommand const& command, std::ostream& out) {
  try {
    return Talk(command, out).run();
  } catch (std::exception const& error) {
    if (!command.json) throw CommandError(error.what());
    out << json::stringify(Value::object({{"type", "error"}, {"message", error.what()}})) << std::endl;
    return refused;
  }
}

}  // namespace aerie::cli

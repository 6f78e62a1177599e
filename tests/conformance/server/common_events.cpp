#include "common_events.hpp"

#include "values.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>

namespace conformance {

namespace {

using aerie::Ack;
using aerie::Args;
using aerie::DisconnectReason;
using aerie::Socket;
using aerie::Task;
using aerie::Value;

void echo(Socket& socket, Args const& args, Ack<> const& ack) {
  auto const values = args.values();
  if (ack) {
    ack.spread(values);
  } else {
    emit_values(socket, "echo", values);
  }
}

void message(Socket& socket, Args const& args) {
  emit_values(socket, "message-back", args.values());
}

void message_with_ack(Args const& args, Ack<> const& ack) {
  ack.spread(args.values());
}

void one(Socket& socket, Args const& args) {
  emit_values(socket, "one", args.values());
}

void ack_twice(Ack<int> const& ack) {
  ack(1);
  ack(2);
}

Task<Value> ack_after(std::int64_t milliseconds, Value value) {
  co_await aerie::sleep_for(std::chrono::milliseconds(milliseconds));
  co_return value;
}

void count(Socket& socket, int times, std::size_t size) {
  std::string const text(size, 'x');
  for (int i = 0; i < times; ++i)
    socket.emit("count", i, text);
}

void types(Socket& socket) {
  auto const date = aerie::Date::from_iso_string("2020-01-02T03:04:05.678Z").value();
  aerie::Object const object{{"a", Value()}, {"b", nullptr}};
  auto const not_a_number = std::numeric_limits<double>::quiet_NaN();
  socket.emit("types", date, aerie::Array{Value(), 1}, not_a_number, -0.0, 1e21, object, "\"\u2028é",
              aerie::Bytes{1, 2});
}

void throw_now(std::string const& text) {
  throw std::runtime_error(text);
}

Task<> throw_later(std::string text) {
  co_await aerie::sleep_for(std::chrono::milliseconds(1));
  throw std::runtime_error(text);
}

std::string message_of(std::exception_ptr const& error) {
  try {
    std::rethrow_exception(error);
  } catch (std::exception const& thrown) {
    return thrown.what();
  } catch (...) {
    return "not a std::exception";
  }
}

/// Notes the life of sockets in the log.
class LifeLog {
 public:
  LifeLog(Log& log, std::string_view what) : log_(log), what_(what) {}

  void operator()(Socket& socket) const {
    log_.add(what_, {{"nsp", socket.nsp().name()}, {"id", socket.id()}});
  }

 private:
  Log& log_;
  std::string_view what_;
};

class DepartureLog {
 public:
  DepartureLog(Log& log, std::string_view what) : log_(log), what_(what) {}

  void operator()(Socket& socket, DisconnectReason reason) const {
    log_.add(what_, {{"nsp", socket.nsp().name()},
                     {"id", socket.id()},
                     {"reason", to_string(reason)},
                     {"rooms", texts(socket.rooms())}});
  }

 private:
  Log& log_;
  std::string_view what_;
};

void log_error(Log& log, Socket const& socket, std::string_view text) {
  log.add("error", {{"nsp", socket.nsp().name()}, {"id", socket.id()}, {"message", text}});
}

}  // namespace

template <class Registrar>
void serve_common_events(Registrar& nsp, Log& log, Commands& commands, SocketDirectory& sockets) {
  nsp.on("echo", &echo)
      .on("message", &message)
      .on("message-with-ack", &message_with_ack)
      .on("1", &one)
      .on("ack-twice", &ack_twice)
      .on("ack-after", &ack_after)
      .on("count", &count)
      .on("types", &types)
      .on("throw", &throw_now)
      .on("throw-later", &throw_later);
  // No listener can be for it alone, but a client may send it as any other event.
  nsp.on_any([&log](Socket& socket, std::string_view event, Args const& args) {
    if (event != "error") return;
    auto const values = args.values();
    auto const has_text = !values.empty() && values.front().is_string();
    log_error(log, socket, has_text ? values.front().as_string() : "undefined");
  });
  nsp.on("do", [&commands](Socket& socket, Value command, Args const& args) {
    auto rest = args.values();
    if (!rest.empty()) rest.erase(rest.begin());
    return commands.run(std::move(command), std::move(rest), &socket);
  });

  // The official server has two names for the same event.
  nsp.on_connection(LifeLog(log, "connect")).on_connection(LifeLog(log, "connection"));
  nsp.on_connection([&log, &sockets](Socket& socket) {
    sockets.add(socket);
    socket.on_error([&log, &socket](std::string_view text) { log_error(log, socket, text); });
  });
  nsp.on_disconnecting(DepartureLog(log, "disconnecting")).on_disconnect(DepartureLog(log, "disconnect"));
  nsp.on_disconnect([&sockets](Socket& socket) { sockets.remove(socket.id()); });
  nsp.on_error([&log](aerie::HandlerError const& error) {
    log.add("handler_error", {{"message", message_of(error.error)}});
  });
}

template void serve_common_events(aerie::Namespace&, Log&, Commands&, SocketDirectory&);
template void serve_common_events(aerie::ParentNamespace&, Log&, Commands&, SocketDirectory&);

}  // namespace conformance

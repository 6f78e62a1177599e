#include "namespaces.hpp"

#include "common_events.hpp"
#include "later.hpp"
#include "values.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace conformance {

namespace {

using aerie::Args;
using aerie::ConnectError;
using aerie::Next;
using aerie::Socket;
using aerie::Task;
using aerie::Value;
using namespace std::chrono_literals;

void admit_secret(Socket& socket) {
  if (socket.handshake().auth_text("token") != "secret") {
    throw ConnectError("not authorized", Value::object({{"code", 401}}));
  }
}

Task<> wait_as_asked(Socket& socket) {
  auto const auth = socket.handshake().auth();
  co_await aerie::sleep_for(std::chrono::milliseconds(integer(auth, "delay", 100)));
}

// --- /order

/// The n-th middleware: notes that it runs, and fails if the client wants it to.
class OrderStep {
 public:
  OrderStep(Log& log, int n) : log_(log), n_(n) {}

  void note(Socket& socket) const {
    log_.add("middleware", {{"nsp", socket.nsp().name()},
                            {"n", n_},
                            {"id", socket.id()},
                            {"connected", socket.connected()},
                            {"rooms", texts(socket.rooms())}});
  }
  void fail_if_asked(Socket& socket) const {
    auto const auth = socket.handshake().auth();
    if (auth["fail"] == Value(n_)) throw ConnectError("failed at " + std::to_string(n_), auth["data"]);
  }

 private:
  Log& log_;
  int n_;
};

void serve_order(aerie::Namespace& nsp, Log& log) {
  nsp.use([step = OrderStep(log, 1)](Socket& socket) {
    step.note(socket);
    socket.join("mw-room");
    socket.emit("from-middleware");
    step.fail_if_asked(socket);
  });
  nsp.use([step = OrderStep(log, 2)](Socket& socket) -> Task<> {
    step.note(socket);
    co_await aerie::sleep_for(20ms);
    step.fail_if_asked(socket);
  });
  nsp.use([step = OrderStep(log, 3)](Socket& socket) {
    step.note(socket);
    step.fail_if_asked(socket);
  });
}

// --- /any and /socket-mw

Value event_with_args(std::string_view event, Args const& args) {
  aerie::Array all{event};
  for (auto& arg : args.values())
    all.push_back(std::move(arg));
  return all;
}

void listen_to_all(Socket& socket, Log& log) {
  auto const note = [&log, &socket](std::string_view what, int n) {
    return [&log, &socket, what, n](std::string_view event, Args const& args) {
      log.add(what,
              {{"nsp", "/any"}, {"id", socket.id()}, {"n", n}, {"event", event_with_args(event, args)}});
    };
  };
  socket.on_any(note("any", 2));
  socket.off_any(socket.on_any(note("any", 3)));
  socket.prepend_any(note("any", 1));
  socket.on_any_outgoing(note("any_outgoing", 4));
}

void use_socket_middlewares(Socket& socket, Log& log) {
  auto const use = [&log, &socket](int n, std::function<void(aerie::SocketEvent&)> const& act) {
    socket.use([&log, n, act](aerie::SocketEvent& event) {
      log.add("socket_middleware", {{"n", n}, {"event", event_with_args(event.name, event.args)}});
      act(event);
    });
  };
  auto const pass = [](aerie::SocketEvent&) {};
  use(1, pass);
  use(2, [](aerie::SocketEvent& event) {
    if (event.name == "mutate") event.args.set(0, "mutated");
  });
  use(3, [](aerie::SocketEvent& event) {
    if (event.name == "reject") throw std::runtime_error("rejected");
  });
  use(4, pass);
  socket.on("mutate", [](Socket& self, Args const& args) { emit_values(self, "mutate", args.values()); });
  socket.on("reject", [](Socket& self) { self.emit("reject"); });
}

// --- Greetings

void greet(Socket& socket) {
  for (int i = 0; i < 10; ++i)
    socket.emit("greet", i);
}

void say_goodbye(Socket& socket) {
  socket.emit("bye");
  socket.disconnect(is_true(socket.handshake().auth(), "close"));
  socket.join("late");
  socket.emit("too-late");
}

/// Names that begin with /fn- exist, but not /fn-error, and not without the client's consent; said after 10
/// ms.
void decide_by_function(std::string_view name, Value const& auth,
                        aerie::ParentNamespace::Accept const& accept) {
  if (!name.starts_with("/fn-")) return accept(false);
  auto const allowed = !name.starts_with("/fn-error") && auth["allow"] != Value(false);
  later(10ms, [accept, allowed] { accept(allowed); });
}

}  // namespace

void serve_namespaces(aerie::Server& io, Log& log, Commands& commands, SocketDirectory& sockets,
                      bool emit_auth) {
  auto const serve = [&](auto& nsp) -> decltype(nsp) {
    serve_common_events(nsp, log, commands, sockets);
    return nsp;
  };
  for (auto const* const name : {"/", "/custom"}) {
    auto& nsp = serve(io.of(name));
    if (emit_auth) nsp.on_connection([](Socket& socket) { socket.emit("auth", socket.handshake().auth()); });
  }
  serve(io.of("/admin")).use(&admit_secret);
  serve_order(serve(io.of("/order")), log);
  serve(io.of("/slow")).use(&wait_as_asked);
  serve(io.of("/never")).use([](Socket&, Next const&) {});
  serve(io.of("/throws")).use([](Socket&) { throw std::runtime_error("boom"); });
  serve(io.of("/greet")).on_connection(&greet);
  serve(io.of("/bye")).on_connection(&say_goodbye);
  serve(io.of("/any")).on_connection([&log](Socket& socket) { listen_to_all(socket, log); });
  serve(io.of("/socket-mw")).on_connection([&log](Socket& socket) { use_socket_middlewares(socket, log); });

  auto& dynamic = serve(io.of(aerie::Pattern("^/dynamic-[0-9]+$")));
  dynamic.on_connection([](Socket& socket) { socket.emit("dynamic", socket.nsp().name()); });
  dynamic.use([](Socket& socket) {
    // Clients of version 2 say it in a query.
    if (!socket.handshake().auth()["refuse"].is_undefined()) throw ConnectError("refused");
  });
  commands.set_parent(dynamic);
  serve(io.of(aerie::ParentNamespace::Predicate(&decide_by_function)));
  io.on_new_namespace([&log](aerie::Namespace& nsp) { log.add("new_namespace", {{"nsp", nsp.name()}}); });
}

}  // namespace conformance

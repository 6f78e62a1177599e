#include "fuzz/server/application.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace aerie::fuzz {

using namespace std::chrono_literals;

namespace {

/// A request of the client that nobody is to disturb.
bool is_from_the_witness(http::RequestHead const& request) {
  return request.header("x-witness") == "yes";
}

struct Person {
  std::string name;
  int age = 0;

  static void describe(Schema<Person>& s) {
    s.field<&Person::name>();
    s.field<&Person::age>();
  }
};

}  // namespace

// --- What is kept

void Keepsakes::keep(Random& random, std::function<void()> use) {
  if (kept_.size() < 64) return kept_.push_back(std::move(use));
  kept_[random.below(kept_.size())] = std::move(use);
}

void Keepsakes::use_one(Random& random) const {
  if (kept_.empty()) return;
  auto const use = kept_[random.below(kept_.size())];
  try {
    use();
  } catch (std::exception const&) {
    // Misuse may be refused.
  }
}

// --- The application

Application::Application(http::Server& http, Random& random, Keepsakes& keepsakes)
    : random_(random), keepsakes_(keepsakes), io_(std::make_unique<Server>(http, options(random, *this))) {
  register_handlers();
  register_engine();
  register_routes(http);
}

ServerOptions Application::options(Random& random, Application& application) {
  ServerOptions options;
  options.serve_client = false;
  options.cleanup_empty_child_namespaces = !random.one_in(4);
  options.connect_timeout = 20s;
  options.middleware_timeout = 5s;
  options.assembly_timeout = 5s;
  options.max_attachments = 4;
  options.max_namespaces_per_client = 5;
  options.max_rooms_per_socket = 20;
  options.max_pending_acks_per_socket = 20;
  options.engine.max_http_buffer_size = random.one_in(2) ? 2'000 : 100'000;
  options.engine.outgoing_limit = random.one_in(2) ? 20'000 : 200'000;
  if (random.one_in(3)) options.engine.cookie.emplace();
  if (random.one_in(4)) {
    options.engine.allow_request = [&application](http::RequestHead const& request,
                                                  engineio::Decision decision) {
      if (is_from_the_witness(request)) return decision.allow();
      application.answer_somehow([decision, deny = application.random_.one_in(5)] {
        if (deny) return decision.deny("no");
        decision.allow();
      });
      if (application.random_.one_in(6)) application.mischief(nullptr);
    };
  }
  if (random.one_in(4)) {
    options.engine.generate_id = [&application, made = 0](http::RequestHead const& request,
                                                          engineio::NewId id) mutable {
      auto const text = "own-" + std::to_string(application.random_.one_in(10) ? 0 : ++made);
      if (is_from_the_witness(request)) return id.use("witness-" + text);
      application.answer_somehow([id, text, fails = application.random_.one_in(8)] {
        if (fails) return id.fail();
        id.use(text);
      });
      if (application.random_.one_in(8)) application.mischief(nullptr);
    };
  }
  return options;
}

void Application::answer_somehow(std::function<void()> answer) {
  switch (random_.below(12)) {
    case 0:
      return keepsakes_.keep(random_, std::move(answer));
    case 1:
      keepsakes_.keep(random_, answer);
      answer();
      return answer();
    case 2:
      return;
    default:
      answer();
  }
}

template <class Registering>
void Application::register_events(Registering& registering) {
  registering.on("echo", [](Socket& socket, Args args) {
    if (args.size() > 0) socket.emit("echo", args.get<Value>(0));
  });
  registering.on("typed", [](Person person) { return person; });
  registering.on("ack", [this](Socket& socket, Ack<std::string> ack) {
    answer_somehow([ack] { ack("answer"); });
    mischief(&socket);
  });
  registering.on("twice", [](Ack<> ack) {
    ack(1);
    ack(2);
  });
  registering.on("never", [](Ack<>) {});
  registering.on("task", [this](Socket& socket, int wait) -> Task<std::string> {
    co_await sleep_for(std::chrono::milliseconds(wait * 1000));
    mischief(&socket);
    co_return "slept";
  });
  registering.on("ask", [this](Socket& socket) -> Task<void> {
    auto const reply = co_await socket.timeout(3s).emit_with_ack("question", 1);
    if (reply.ok()) mischief(&socket);
  });
  registering.on("fetch", [this](Socket& socket) -> Task<std::size_t> {
    auto const nsp = socket.nsp().shared_from_this();
    auto const sockets = co_await nsp->fetch_sockets();
    for (auto const& each : sockets) {
      keepsakes_.keep(random_, [each] {
        each.emit("from afar", 1);
        each.leave("room");
        each.timeout(1s).emit("from afar", [](AckReply) {});
      });
    }
    co_return sockets.size();
  });
  registering.on("blocking", [](Socket& socket) -> Task<std::string> {
    auto const id = std::string(socket.id());
    co_return co_await run_blocking([](std::string const& text) { return text + text; }, id);
  });
  registering.on("burst", [](Socket& socket) {
    std::string const text(3'000, 'x');
    for (int i = 0; i < 5; ++i)
      socket.emit("part", i, text);
    socket.to("room").emit("part", text);
  });
  registering.on("stop", [](Socket& socket) { socket.disconnect(true); });
  registering.on("mischief", [this](Socket& socket) { mischief(&socket); });
  registering.on_connection([this](Socket& socket) { mischief(&socket); });
  registering.on_disconnecting([this](Socket& socket, DisconnectReason) { mischief(&socket); });
  registering.on_disconnect([this](Socket& socket, DisconnectReason) { mischief(&socket); });
  if (random_.one_in(3)) {
    registering.on_any([this](Socket& socket, std::string_view, Args const&) {
      if (random_.one_in(4)) mischief(&socket);
    });
  }
  if (random_.one_in(3)) {
    registering.on_error([this](HandlerError const&) {
      if (random_.one_in(3)) mischief(nullptr);
    });
  }
  if (random_.one_in(2)) {
    registering.use([this](Socket& socket, Next next) {
      answer_somehow([next, refuse = random_.one_in(4)] {
        if (refuse) return next(ConnectError("refused", Value("why")));
        next();
      });
      if (random_.one_in(3)) mischief(&socket);
    });
  }
  if (random_.one_in(3)) {
    registering.use([this](Socket& socket) -> Task<void> {
      co_await sleep_for(std::chrono::milliseconds(random_.below(8000)));
      mischief(&socket);
    });
  }
}

void Application::register_handlers() {
  io_->of("/witness").on("echo", [](int number) { return number; });
  register_events(io_->sockets());
  chat_ = &io_->of("/chat");
  register_events(*chat_);
  register_events(io_->of(Pattern("^/dynamic-\\d+$")));
  register_events(io_->of([this](std::string_view name, Value const&, ParentNamespace::Accept accept) {
    if (random_.one_in(6)) mischief(nullptr);
    answer_somehow([accept, yes = name == "/asked" || random_.one_in(20)] { accept(yes); });
  }));
  if (random_.one_in(2)) io_->on_new_namespace([this](Namespace&) { mischief(nullptr); });
}

void Application::register_engine() {
  auto& engine = io_->engine();
  if (random_.one_in(3)) {
    engine.use([this](engineio::RequestStep step) {
      if (is_from_the_witness(step.request())) return step.next();
      if (random_.one_in(4)) step.set_header("X-Step", "yes");
      answer_somehow([step, how = random_.below(10)] {
        if (how == 0) return step.fail();
        if (how == 1) return step.respond(http::Response::text(418, "no"));
        step.next();
      });
      if (random_.one_in(8)) mischief(nullptr);
    });
  }
  if (random_.one_in(3)) {
    auto const rarely = [this] {
      if (random_.one_in(4)) mischief(nullptr);
    };
    engine.hooks.connection_error = [rarely](engineio::ConnectionError const&) { rarely(); };
    engine.hooks.initial_headers = [rarely](engineio::ResponseHeaders& headers,
                                            http::RequestHead const& request) {
      headers.add("X-Initial", "yes");
      if (!is_from_the_witness(request)) rarely();
    };
    engine.hooks.headers = [rarely](engineio::ResponseHeaders&, http::RequestHead const& request) {
      if (!is_from_the_witness(request)) rarely();
    };
    engine.hooks.upgrading = [rarely](engineio::Session&) { rarely(); };
    engine.hooks.upgrade = [rarely](engineio::Session&) { rarely(); };
  }
}

void Application::register_routes(http::Server& http) {
  http.get("/hello", [](http::Request const&) { return http::Response::text(200, "ok"); });
  http.get("/throws", [this](http::Request const&) -> http::Response {
    mischief(nullptr);
    return http::Response::json(200, "{}");
  });
  http.get("/later/:ms", [this](http::Request const& request) -> Task<http::Response> {
    auto const digits = request.parameter("ms").size();
    co_await sleep_for(std::chrono::milliseconds(1000 * digits));
    mischief(nullptr);
    co_return http::Response::json(200, "[]");
  });
  http.post("/body", [](http::Request const& request) {
    return http::Response::json(200, std::to_string(request.body.size()));
  });
  if (random_.one_in(3)) {
    http.errors([this](int status, http::RequestHead const&) {
      if (random_.one_in(3)) mischief(nullptr);
      return http::Response::json(status, "\"sorry\"");
    });
  }
}

// --- What users do

Namespace& Application::random_namespace() {
  return random_.one_in(2) ? io_->sockets() : *chat_;
}

void Application::act() {
  mischief_of_the_server();
}

void Application::mischief(Socket* socket) {
  if (depth_ > 4) return;
  struct Deeper {
    explicit Deeper(std::size_t& depth) : depth_(depth) { ++depth_; }
    ~Deeper() { --depth_; }
    std::size_t& depth_;
  } const deeper(depth_);
  if (random_.one_in(2)) {
    if (socket != nullptr && !random_.one_in(4)) {
      mischief_of_a_socket(*socket);
    } else {
      mischief_of_the_server();
    }
  }
  if (random_.one_in(10)) throw_something();
}

void Application::throw_something() {
  if (random_.one_in(2)) throw 42;
  throw std::runtime_error("a user's mistake");
}

void Application::mischief_of_a_socket(Socket& socket) {
  switch (random_.below(18)) {
    case 0:
      return socket.disconnect(random_.one_in(2));
    case 1:
      return socket.join({"room", "other"});
    case 2:
      return socket.leave("room");
    case 3:
      return socket.emit("bytes", Bytes(std::string("\1\2")), "and", Bytes());
    case 4:
      return socket.emit("asked", 1, [this](AckReply) { mischief(nullptr); });
    case 5:
      return socket.timeout(2s).emit("asked", 2, [this, handle = socket.handle()](AckReply) {
        handle.emit("thanks", 1);
        mischief(nullptr);
      });
    case 6:
      return keepsakes_.keep(random_, [this, handle = socket.handle(), how = random_.below(4)] {
        if (how == 0) return handle.disconnect(true);
        if (how == 1) return handle.join({"room"});
        if (how == 2) return handle.run([this](Socket& found) { mischief(&found); });
        handle.emit("kept", 1);
      });
    case 7:
      return socket.off("echo");
    case 8:
      socket.on("echo", [this](Socket& own) { mischief(&own); });
      return;
    case 9: {
      auto const number = socket.on_any([this, &socket](std::string_view, Args const&) {
        if (random_.one_in(4)) mischief(&socket);
      });
      if (random_.one_in(3)) socket.off_any(number);
      return;
    }
    case 10:
      socket.on_any_outgoing([this](std::string_view, Args const&) {
        if (random_.one_in(4)) mischief(nullptr);
      });
      return;
    case 11:
      return socket.use([this](SocketEvent&) {
        if (random_.one_in(4)) throw_something();
      });
    case 12:
      return socket.on_error([this](std::string_view) {
        if (random_.one_in(4)) mischief(nullptr);
      });
    case 13:
      return spawn(socket.shard(), linger(socket.handle()));
    case 14:
      if (auto* const session = socket.conn()) session->close(random_.one_in(2));
      return;
    case 15:
      socket.data() = Value("shown to others");
      socket.set(std::string("its own"));
      return;
    case 16:
      return keepsakes_.keep(random_, [room = socket.to("room"), everybody = socket.broadcast()] {
        room.emit("room", 1);
        everybody.volatile_().emit("everybody", 2);
      });
    default:
      socket.to("room").emit("room", std::string(socket.id()));
  }
}

Task<void> Application::linger(SocketHandle handle) {
  co_await sleep_for(std::chrono::milliseconds(random_.below(5000)));
  handle.emit("lingered", 1);
  if (random_.one_in(4)) throw_something();
}

void Application::mischief_of_the_server() {
  if (!io_ || chat_ == nullptr) return;
  auto& nsp = random_namespace();
  switch (random_.below(14)) {
    case 0:
      if (random_.one_in(3)) nsp.disconnect_sockets(random_.one_in(2));
      return;
    case 1:
      return nsp.sockets_join({"room"});
    case 2:
      return nsp.to("room").sockets_leave({"room"});
    case 3:
      nsp.timeout(2s).emit("question", 1, [this](BroadcastReply) { mischief(nullptr); });
      return;
    case 4:
      nsp.except("other").emit("bytes", Bytes(std::string("\7")));
      return;
    case 5:
      nsp.volatile_().emit("volatile", "x");
      return;
    case 6:
      nsp.emit("large", std::string(random_.below(15'000), 'y'));
      return;
    case 7:
      return keepsakes_.keep(random_, [room = nsp.to({"room", "other"})] {
        room.emit("kept", 1);
        room.timeout(1s).emit("kept question", [](BroadcastReply) {});
        room.sockets_leave({"other"});
      });
    case 8:
      return spawn(io_->runtime().shard(random_.below(io_->runtime().shard_count())),
                   [](std::shared_ptr<Namespace> where) -> Task<void> {
                     auto const sockets = co_await where->fetch_sockets();
                     for (auto const& each : sockets)
                       each.emit("found", 1);
                   }(nsp.shared_from_this()));
    case 9:
      io_->emit("everybody", 1);
      return;
    case 10:
      if (random_.one_in(60)) {
        has_closed_ = true;
        io_->close([this] {
          if (random_.one_in(3)) throw_something();
        });
      }
      return;
    default:
      nsp.to("room").emit("room", "text");
  }
}

}  // namespace aerie::fuzz

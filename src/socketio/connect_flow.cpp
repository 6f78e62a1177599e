#include "socketio/connect_flow.hpp"

#include "socketio/client.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/socketio/socket.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

ConnectFlow::ConnectFlow(Client& client, std::string name, std::string auth)
    : client_(&client), shard_(client.node().shard()), name_(std::move(name)), auth_(std::move(auth)) {}

ConnectFlow::~ConnectFlow() = default;

void ConnectFlow::start() {
  auto& server = client_->node().server();
  if (auto nsp = server.acquire(name_, nullptr)) return enter(std::move(nsp));
  parents_ = server.parents();
  shard_.start(deadline_, server.options().middleware_timeout);
  try_parents(0);
}

void ConnectFlow::try_parents(std::size_t index) {
  if (index == parents_.size()) return refuse("Invalid namespace", {});
  auto* const parent = parents_[index];
  auto const step = ++step_;
  waiting_ = true;
  Value auth;
  if (!auth_.empty()) static_cast<void>(json::parse(auth_, auth));
  auto const accept = [flow = shared_from_this(), step, index, parent](bool matches) {
    flow->decided(step, [index, parent, matches](ConnectFlow& self) {
      if (!matches) return self.try_parents(index + 1);
      self.enter(self.client_->node().server().acquire(self.name_, parent));
    });
  };
  try {
    parent->matches_(name_, auth, accept);
  } catch (...) {
    shard_.runtime().log().error("socket.io", core::concat("a namespace predicate has failed: ",
                                                           core::describe(std::current_exception())));
    accept(false);
  }
}

Handshake ConnectFlow::handshake() {
  auto const& session = client_->session();
  return Handshake(session.request(), session.peer(), session.secure(), shard_.clock().wall(),
                   std::move(auth_));
}

void ConnectFlow::enter(std::shared_ptr<Namespace> nsp) {
  nsp_ = std::move(nsp);
  socket_ = std::make_shared<Socket>(*client_, nsp_->adapter(shard_), client_->node().new_id(), handshake());
  if (middleware(0) != nullptr)
    shard_.start(deadline_, client_->node().server().options().middleware_timeout);
  run_middleware();
}

Middleware const* ConnectFlow::middleware(std::size_t index) const {
  for (auto* const handlers : {nsp_->parent_handlers(), &nsp_->handler_set()}) {
    if (handlers == nullptr) continue;
    if (index < handlers->middlewares.size()) return &handlers->middlewares[index];
    index -= handlers->middlewares.size();
  }
  return nullptr;
}

void ConnectFlow::run_middleware() {
  auto const* const next = middleware(next_middleware_++);
  if (next == nullptr) return finish();
  auto const step = ++step_;
  waiting_ = true;
  try {
    (*next)(*socket_, Next(shared_from_this(), step));
  } catch (ConnectError const& error) {
    decided(step, [message = std::string(error.what()), data = error.data()](ConnectFlow& self) {
      self.refuse(message, data);
    });
  } catch (...) {
    handler_failed(*socket_, "middleware", std::current_exception());
    decided(step, [](ConnectFlow& self) { self.refuse("Internal server error", {}); });
  }
}

void ConnectFlow::decided(std::size_t step, std::function<void(ConnectFlow&)> action) {
  auto const run = [flow = shared_from_this(), step, action = std::move(action)] {
    if (flow->client_ == nullptr || flow->step_ != step || !std::exchange(flow->waiting_, false)) return;
    action(*flow);
  };
  if (shard_.in_turn()) {
    run();
  } else {
    shard_.post(run);
  }
}

void ConnectFlow::pass() {
  run_middleware();
}

void ConnectFlow::finish() {
  deadline_.cancel();
  nsp_.reset();
  std::exchange(client_, nullptr)->connected(*this, std::move(socket_));
}

void ConnectFlow::refuse(std::string_view message, Value const& data) {
  auto* const client = client_;
  std::string json;
  if (!data.is_undefined()) {
    json::Writer writer(json);
    encode(writer, data);
  }
  abandon();
  client->refused(*this, name_, message, json);
}

void ConnectFlow::abandon() {
  deadline_.cancel();
  client_ = nullptr;
  if (socket_) socket_->abandoned();
}

void ConnectFlow::timed_out() {
  if (client_ != nullptr) refuse("timeout", {});
}

}}}  // namespace aerie::v1::socketio

namespace aerie { inline namespace v1 {

void Next::operator()() const {
  flow_->decided(step_, [](socketio::ConnectFlow& flow) { flow.pass(); });
}

void Next::operator()(ConnectError error) const {
  flow_->decided(step_, [message = std::string(error.what()),
                         data = error.data()](socketio::ConnectFlow& flow) { flow.refuse(message, data); });
}

}}  // namespace aerie::v1

// How a client comes into namespaces, and out of them.

#include "socketio/client.hpp"
#include "socketio/client_parts.hpp"
#include "socketio/connect_flow.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/version_2.hpp"

#include <aerie/socketio/socket.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

Socket* Client::joined(std::string_view nsp) const {
  for (auto const& socket : sockets_) {
    if (socket->nsp().name() == nsp) return socket.get();
  }
  return nullptr;
}

bool Client::is_joining(std::string_view nsp) const {
  auto const* const joining = this->joining();
  return joining != nullptr &&
         std::ranges::any_of(joining->flows, [&](auto const& flow) { return flow->name() == nsp; });
}

void Client::on_connect(IncomingPacket const& packet) {
  if (is_of_v2()) {
    NameWithQuery const named(packet.nsp);
    return join(named.name, auth_of(named.query));
  }
  join(packet.nsp, packet.payload.empty() ? std::string() : packet.payload.packed(0));
}

void Client::begin() {
  if (is_of_v2()) join("/", {});
}

core::KeptId Client::id_in(std::string_view nsp) const {
  if (!is_of_v2()) return core::KeptId(node_.new_id().view());
  auto const id = session_.id();
  return nsp == "/" ? core::KeptId(id) : core::KeptId(core::concat(nsp, "#", id));
}

void Client::join(std::string_view nsp, std::string&& auth) {
  if (joined(nsp) != nullptr) {
    return close(DisconnectReason::forced_server_close,
                 "a second CONNECT for a namespace that the client is in");
  }
  // While the middlewares of the first attempt think, a second one changes nothing.
  if (is_joining(nsp)) return;
  auto const& options = node_.server().options();
  auto const in_flight = joining() != nullptr ? joining()->flows.size() : 0;
  if (nsp.size() > options.max_namespace_name)
    return send_refusal(nsp, "Invalid namespace", EntryRefusal::no_namespace);
  if (sockets_.size() + in_flight >= options.max_namespaces_per_client)
    return send_refusal(nsp, "Too many namespaces", EntryRefusal::limit);
  if (kept_auth() + auth.size() > options.max_auth_size)
    return send_refusal(nsp, "Too much auth", EntryRefusal::limit);
  auto& flows = make_joining().flows;
  flows.push_back(std::make_unique<ConnectFlow>(*this, std::string(nsp), std::move(auth)));
  begun();
  flows.back()->start();
}

std::size_t Client::kept_auth() const noexcept {
  std::size_t kept = 0;
  for (auto const& socket : sockets_)
    kept += socket->handshake().auth_size();
  if (auto const* const joining = this->joining()) {
    for (auto const& flow : joining->flows)
      kept += flow->auth_size();
  }
  return kept;
}

void Client::connected(ConnectFlow& flow, std::shared_ptr<Socket> socket, ClaimedSession const& claimed) {
  auto& connected = *socket;
  sockets_.push_back(std::move(socket));
  node_.hold(connected.handshake().auth_size() + connected.id_.memory());
  drop(flow);
  try {
    connected.connect(claimed);
  } catch (...) {
    // It has not come so far as to be told of its end.
    if (!connected.connected()) {
      connected.abandoned();
      left(connected);
    }
    throw;
  }
}

void Client::refused(ConnectFlow& flow, std::string_view nsp, Refusal const& refusal, bool entered) {
  node_.debug("socket.io:namespace", "a socket is refused in ", nsp, ": ", refusal.message);
  if (entered && is_of_v2()) {
    send_error_of_v2(nsp, refusal);
  } else {
    send({.type = PacketType::connect_error, .nsp = nsp, .data = PacketData(refusal)});
  }
  drop(flow);
}

void Client::send_refusal(std::string_view nsp, std::string_view message, EntryRefusal why) {
  node_.counts().count(why);
  Refusal const refusal{message};
  send({.type = PacketType::connect_error, .nsp = nsp, .data = PacketData(refusal)});
}

/// Clients of Socket.IO 2 are told the error's data, or its message if it has none.
void Client::send_error_of_v2(std::string_view nsp, Refusal const& refusal) {
  auto const has_data = refusal.data != nullptr && is_true(*refusal.data);
  auto const error = has_data ? EncodableRef(*refusal.data) : EncodableRef(refusal.message);
  send({.type = PacketType::connect_error, .nsp = nsp, .data = PacketData(error)});
}

void Client::drop(ConnectFlow& flow) {
  auto& flows = joining()->flows;
  auto const found = std::ranges::find_if(flows, [&](auto const& other) { return other.get() == &flow; });
  if (found == flows.end()) return;
  node_.shard().retire(std::move(*found));
  flows.erase(found);
  ended();
  if (!flows.empty()) return;
  if (sockets_.empty()) {
    if (joining()->late) session_.close();
    return;
  }
  // Nothing more to wait for: an idle client keeps none of this.
  retire_rare(&Rare::joining);
}

void Client::left(Socket& socket) {
  auto const found =
      std::ranges::find_if(sockets_, [&](auto const& other) { return other.get() == &socket; });
  if (found == sockets_.end()) return;
  node_.release(socket.handshake().auth_size() + socket.id_.memory());
  if (session_.state() == engineio::Session::State::open) {
    forget_handlers_of(socket);
    go_on();
  }
  // Its handlers may be running.
  node_.shard().retire(std::move(*found));
  sockets_.erase(found);
}

void Client::on_reroute() {
  for (auto const& socket : sockets_)
    socket->adapter_->rerouted(*socket);
}

}}}  // namespace aerie::v1::socketio

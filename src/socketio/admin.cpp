#include "socketio/admin.hpp"

#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/hex.hpp>
#include <aerie/core/production.hpp>
#include <aerie/core/random.hpp>
#include <aerie/core/run_blocking.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/engineio/session_events.hpp>
#include <aerie/schema/date.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/truthy.hpp>
#include <aerie/socketio/server.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace aerie { inline namespace v1 {
namespace socketio {

namespace {

using namespace std::chrono_literals;

constexpr core::Milliseconds interval = 2s;
/// What the official package keeps in a socket's data, so that every server of the cluster can show it.
constexpr std::string_view own_key = "_admin";
constexpr std::string_view wrong_password = "invalid credentials";
/// A check takes a worker thread for a good part of a second.
constexpr unsigned most_checks = 4;

AdminMode mode_of(AdminOptions const& options) {
  if (options.mode) return *options.mode;
  return core::is_production() ? AdminMode::production : AdminMode::development;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

using schema::is_truthy;

/// One room, or a list of them.
std::vector<std::string> rooms_of(Value const& value) {
  std::vector<std::string> rooms;
  if (value.is_string()) rooms.emplace_back(value.as_string());
  if (!value.is_array()) return rooms;
  for (auto const& room : value.as_array())
    if (room.is_string()) rooms.emplace_back(room.as_string());
  return rooms;
}

BroadcastOperator chosen(Namespace const& nsp, Value const& filter) {
  return is_truthy(filter) ? nsp.all().in(rooms_of(filter)) : nsp.all();
}

/// What a socket's user has put into its data.
Value shown(Value const& data) {
  if (!data.is_object()) return data.is_undefined() ? Value(Object()) : data;
  auto copy = data.as_object();
  copy.erase(own_key);
  return Value(std::move(copy));
}

/// A socket as the page has it, of what is known from afar as well.
Value described(std::string_view id, std::string_view nsp, Value const& data, Value const& handshake,
                std::vector<std::string> const& rooms) {
  Object seen;
  for (auto const* const key : {"headers", "query", "issued", "secure", "time", "url", "xdomain"})
    seen.set(key, handshake[key]);
  auto const& headers = handshake["headers"];
  auto address = handshake["address"];
  for (auto const* const header : {"x-forwarded-for", "cf-connecting-ip"})
    if (is_truthy(headers[header])) address = headers[header];
  seen.set("address", std::move(address));
  Array list;
  for (auto const& room : rooms)
    list.emplace_back(room);
  Object socket;
  socket.set("id", Value(id));
  for (auto const* const key : {"clientId", "transport"}) {
    auto const& known = data[own_key][key];
    if (!known.is_undefined()) socket.set(key, known);
  }
  socket.set("nsp", Value(nsp));
  socket.set("data", shown(data));
  socket.set("handshake", Value(std::move(seen)));
  socket.set("rooms", Value(std::move(list)));
  return Value(std::move(socket));
}

/// What was last told of a socket's data.
struct AdminTold {
  std::string data;
};

}  // namespace

// --- What is kept

void AdminEvents::add(std::string_view type, std::string_view detail, std::uint64_t count,
                      core::WallTime now) {
  auto const second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  std::scoped_lock const lock(mutex_);
  // The last ones are those of this second.
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && entry->second == second; ++entry) {
    if (entry->type != type || entry->detail != detail) continue;
    entry->count += count;
    return;
  }
  entries_.push_back({second, type, std::string(detail), count});
}

Array AdminEvents::take() {
  std::vector<Entry> taken;
  {
    std::scoped_lock const lock(mutex_);
    taken.swap(entries_);
  }
  Array list;
  for (auto const& entry : taken) {
    constexpr std::int64_t milliseconds = 1000;
    Object event{{"timestamp", Value(entry.second * milliseconds)}, {"type", Value(entry.type)}};
    if (!entry.detail.empty()) event.set("subType", Value(entry.detail));
    event.set("count", Value(entry.count));
    list.emplace_back(std::move(event));
  }
  return list;
}

std::string AdminSessions::open() {
  auto const bytes = core::random_bytes<16>();
  auto id = core::hex(std::string_view(bytes.data(), bytes.size()));
  std::scoped_lock const lock(mutex_);
  if (ids_.size() == most) ids_.erase(ids_.begin());
  ids_.push_back(id);
  return id;
}

bool AdminSessions::has(std::string_view id) const {
  std::scoped_lock const lock(mutex_);
  return !id.empty() && std::ranges::find(ids_, id) != ids_.end();
}

// --- Who is an administrator

Admin::Admin(ServerState& server, AdminOptions options)
    : server_(server),
      options_(std::move(options)),
      mode_(mode_of(options_)),
      host_(host_name()),
      id_(options_.server_id.empty() ? core::concat(host_, "#", std::to_string(::getpid()))
                                     : options_.server_id),
      nsp_(&server.namespaces().keep(options_.nsp)),
      since_(server.runtime().clock().now()) {
  guard();
  watch_sessions(server_.engine());
  // Before administrators are welcomed: they are told of themselves first.
  if (is_development()) {
    for (auto const& nsp : server_.namespaces().all())
      watch(*nsp);
    server_.namespaces().on_new_namespace([this](Namespace& nsp) { watch(nsp); });
  }
  serve_administrators();
  statistics_ = core::schedule(server_.runtime().shard(0), interval, true,
                               core::scheduled_function([this] { tell_statistics(); }));
}

void Admin::guard() {
  if (std::holds_alternative<std::monostate>(options_.auth)) {
    throw std::invalid_argument(
        "aerie: AdminOptions::auth has to be said: AdminBasicAuth{username, a bcrypt hash}, an AdminCheck, "
        "or "
        "AdminWithoutAuth if everybody who reaches the server may do everything");
  }
  if (auto const* const basic = std::get_if<AdminBasicAuth>(&options_.auth)) {
    if (!is_bcrypt(basic->password)) {
      throw std::invalid_argument(
          "aerie: AdminBasicAuth::password is no bcrypt hash; make one with aerie::bcrypt_hash, htpasswd or "
          "bcryptjs");
    }
    nsp_->use([this](Socket& socket) { return check_password(socket); });
  } else if (auto const* const check = std::get_if<AdminCheck>(&options_.auth)) {
    if (!*check) throw std::invalid_argument("aerie: AdminOptions::auth is an empty function");
    nsp_->use([allows = *check](Socket& socket) -> Task<void> {
      auto const allowed = co_await allows(socket);
      if (!allowed) throw ConnectError(std::string(wrong_password));
    });
  } else {
    server_.runtime().log().warning("socket.io",
                                    core::concat("everybody is an administrator in ", options_.nsp,
                                                 ": set AdminOptions::auth before others reach this server"));
  }
}

Task<void> Admin::check_password(Socket& socket) {
  auto const auth = socket.handshake().auth();
  auto const text = [&auth](std::string_view name) {
    auto const value = auth[name].get_if<std::string_view>();
    return value ? std::string(*value) : std::string();
  };
  if (sessions_.has(text("sessionId"))) co_return;
  auto const& basic = std::get<AdminBasicAuth>(options_.auth);
  // Not before the password was looked at, or the time would tell who is one.
  auto const known = text("username") == basic.username;
  if (checks_.load() >= most_checks) throw ConnectError("too many attempts");
  auto const password = text("password");
  auto const hash = basic.password;
  checks_.fetch_add(1);
  bool matches = false;
  try {
    matches = co_await run_blocking([&password, &hash] { return bcrypt_matches(password, hash); });
  } catch (...) {
    checks_.fetch_sub(1);
    throw;
  }
  checks_.fetch_sub(1);
  if (!known || !matches) throw ConnectError(std::string(wrong_password));
  // The client keeps it until it has connected.
  socket.emit("session", sessions_.open());
}

// --- What administrators may do

/// Null if there is no such namespace: the name may be mistyped, and makes none.
std::shared_ptr<Namespace> Admin::find(Args const& args) const {
  return server_.namespaces().find(args.get<std::string>(0));
}

void Admin::serve_administrators() {
  nsp_->on_connection([this](Socket& socket) { return welcome(socket); });
  if (options_.readonly) return;
  nsp_->on("emit", [this](Args const& args) {
    auto const nsp = find(args);
    auto const values = args.values();
    constexpr std::size_t head = 3;
    if (!nsp || values.size() < head) return;
    std::vector<EncodableRef> elements;
    for (auto value = values.begin() + head; value != values.end(); ++value)
      elements.emplace_back(*value);
    chosen(*nsp, values[1]).emit_args(values[2].as_string(), ArgsRef(elements));
  });
  nsp_->on("join", [this](Args const& args) {
    if (auto const nsp = find(args)) chosen(*nsp, args[2]).sockets_join(rooms_of(args[1]));
  });
  nsp_->on("leave", [this](Args const& args) {
    if (auto const nsp = find(args)) chosen(*nsp, args[2]).sockets_leave(rooms_of(args[1]));
  });
  nsp_->on("_disconnect", [this](Args const& args) {
    if (auto const nsp = find(args)) chosen(*nsp, args[2]).disconnect_sockets(is_truthy(args[1]));
  });
}

Task<void> Admin::welcome(Socket& socket) {
  Array features;
  if (!options_.readonly) {
    for (auto const* const feature :
         {"EMIT", "JOIN", "LEAVE", "DISCONNECT", "MJOIN", "MLEAVE", "MDISCONNECT"})
      features.emplace_back(feature);
  }
  features.emplace_back("AGGREGATED_EVENTS");
  if (is_development()) features.emplace_back("ALL_EVENTS");
  Value const config(Object{{"supportedFeatures", Value(std::move(features))}});
  socket.emit("config", config);
  if (!is_development()) co_return;
  Array all;
  auto const namespaces = server_.namespaces().all();
  for (auto const& nsp : namespaces) {
    auto const fetched = co_await nsp->fetch_sockets();
    for (auto const& each : fetched)
      all.push_back(described(each.id(), nsp->name(), each.data(), each.handshake(), each.rooms()));
  }
  Value const list(std::move(all));
  socket.emit("all_sockets", list);
}

// --- What they are told

bool Admin::is_heard() const noexcept {
  return nsp_->socket_count() > 0 || server_.link().in_cluster();
}

Date Admin::now() const {
  return Date(server_.runtime().clock().wall());
}

void Admin::watch_sessions(engineio::Server& engine) {
  auto& hooks = engine.hooks;
  hooks.connection = [this, before = std::move(hooks.connection)](engineio::Session& session) {
    if (before) before(session);
    watch(session);
  };
  hooks.close = [this, before = std::move(hooks.close)](engineio::Session& session,
                                                        engineio::CloseReason reason) {
    events_.add("rawDisconnection", to_string(reason), 1, server_.runtime().clock().wall());
    if (before) before(session, reason);
  };
  if (!is_development()) return;
  hooks.upgrade = [this, before = std::move(hooks.upgrade)](engineio::Session& session) {
    tell_of_transport(session);
    if (before) before(session);
  };
}

void Admin::watch(engineio::Session& session) {
  events_.add("rawConnection", {}, 1, server_.runtime().clock().wall());
  if (session.state() != engineio::Session::State::open) return;
  auto const counting = [this](std::string_view packets, std::string_view bytes,
                               std::function<void(engineio::Packet const&)> before) {
    return [this, packets, bytes, before = std::move(before)](engineio::Packet const& packet) {
      if (!packet.data.empty()) {
        auto const wall = server_.runtime().clock().wall();
        events_.add(packets, {}, 1, wall);
        events_.add(bytes, {}, packet.data.size(), wall);
      }
      if (before) before(packet);
    };
  };
  auto& events = session.events();
  events.packet = counting("packetsIn", "bytesIn", std::move(events.packet));
  events.packet_create = counting("packetsOut", "bytesOut", std::move(events.packet_create));
}

Value Admin::serialized(Socket& socket) const {
  return described(socket.id(), socket.nsp().name(), socket.data(), socket.handshake().to_value(),
                   socket.rooms());
}

void Admin::watch(Namespace& nsp) {
  auto const& name = nsp.name();
  nsp.on_room_joined([this, name](std::string_view room, std::string_view socket) {
    tell("room_joined", name, std::string(room), std::string(socket), now());
  });
  nsp.on_room_left([this, name](std::string_view room, std::string_view socket) {
    auto later = [this, name, room = std::string(room), socket = std::string(socket), at = now()] {
      tell("room_left", name, room, socket, at);
    };
    // Behind what is told of its end.
    auto* const here = server_.link().here();
    if (here == nullptr) return later();
    here->anchor().post(std::move(later));
  });
  nsp.on_connection([this](Socket& socket) { entered(socket); });
  if (&nsp == nsp_) return;
  nsp.on_any([this](Socket& socket, std::string_view event, Args const& args) {
    if (!is_heard()) return;
    auto values = args.values();
    values.insert(values.begin(), Value(event));
    tell("event_received", socket.nsp().name(), std::string(socket.id()), Value(std::move(values)), now());
  });
}

void Admin::entered(Socket& socket) {
  auto& data = socket.data();
  auto const* const session = socket.conn();
  if (session != nullptr && (data.is_undefined() || data.is_object())) {
    constexpr std::size_t shown_part = 12;
    if (data.is_undefined()) data = Value(Object());
    data.as_object().set(own_key, Value(Object{{"clientId", Value(session->id().substr(0, shown_part))},
                                               {"transport", Value(to_string(session->transport()))}}));
  }
  socket.set(AdminTold{json::stringify(shown(data))});
  tell("socket_connected", serialized(socket), now());
  socket.on_disconnect([this](Socket& gone, DisconnectReason reason) {
    tell("socket_disconnected", gone.nsp().name(), std::string(gone.id()), std::string(to_string(reason)),
         now());
  });
  if (&socket.nsp() == nsp_) return;
  socket.on_any_outgoing([this, &socket](std::string_view event, Args const& args) {
    if (!is_heard()) return;
    auto values = args.values();
    values.insert(values.begin(), Value(event));
    tell("event_sent", socket.nsp().name(), std::string(socket.id()), Value(std::move(values)), now());
  });
}

void Admin::tell_of_transport(engineio::Session& session) {
  auto const transport = to_string(session.transport());
  for (auto const& nsp : server_.namespaces().all()) {
    nsp->for_each_local([&](Socket& socket) {
      if (socket.conn() != &session) return;
      if (auto* const data = socket.data().is_object() ? socket.data().as_object().find(own_key) : nullptr;
          data != nullptr && data->is_object())
        data->as_object().set("transport", Value(transport));
      tell("socket_updated",
           Value(Object{
               {"id", Value(socket.id())}, {"nsp", Value(nsp->name())}, {"transport", Value(transport)}}));
    });
  }
}

/// What sockets carry is changed in place by whoever has it, so it is compared with what was told last.
void Admin::tell_of_data() {
  for (auto const& nsp : server_.namespaces().all()) {
    nsp->for_each_local([&](Socket& socket) {
      auto* const told = socket.find<AdminTold>();
      if (told == nullptr) return;
      auto const data = shown(socket.data());
      auto text = json::stringify(data);
      if (text == told->data) return;
      told->data = std::move(text);
      tell("socket_updated",
           Value(Object{{"id", Value(socket.id())}, {"nsp", Value(nsp->name())}, {"data", data}}));
    });
  }
}

void Admin::tell_statistics() {
  auto list = events_.take();
  // Nothing is said on the way down.
  auto const cluster = server_.member().status().state;
  if (nsp_->socket_count() == 0 && (cluster == ClusterState::alone || cluster == ClusterState::closed))
    return;
  if (is_development()) {
    for (std::size_t i = 0; i < server_.link().node_count(); ++i)
      server_.link().post(i, 0, [this](ShardNode&) { tell_of_data(); });
  }
  Array namespaces;
  for (auto const& nsp : server_.namespaces().all()) {
    namespaces.emplace_back(
        Object{{"name", Value(nsp->name())}, {"socketsCount", Value(nsp->socket_count())}});
  }
  auto const counts = server_.engine().counts();
  auto const uptime = std::chrono::duration<double>(server_.runtime().clock().now() - since_).count();
  Object stats{
      {"serverId", Value(id_)},
      {"hostname", Value(host_)},
      {"pid", Value(static_cast<std::int64_t>(::getpid()))},
      {"uptime", Value(uptime)},
      {"clientsCount", Value(server_.stats().clients)},
      {"pollingClientsCount", Value(counts.open[static_cast<std::size_t>(engineio::TransportKind::polling)])},
      {"aggregatedEvents", Value(std::move(list))},
      {"namespaces", Value(std::move(namespaces))}};
  tell("server_stats", Value(std::move(stats)));
}

}  // namespace socketio

void instrument(Server& io, AdminOptions options) {
  io.state_->instrument(std::move(options));
}

}}  // namespace aerie::v1

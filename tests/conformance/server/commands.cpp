#include "commands.hpp"

#include "values.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/spawn.hpp>

#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

namespace conformance {

namespace {

using aerie::Array;
using aerie::Task;
using aerie::Value;

Value ok(Value value) {
  return aerie::Object{{"ok", value.is_undefined() ? Value(nullptr) : std::move(value)}};
}

// Runs a command of a socket on that socket's own shard, for one that asks from another.
Task<> answer_with(aerie::core::Completer<Value> give, Task<Value> command,
                   [[maybe_unused]] aerie::SocketHandle pin) {
  Value answer = co_await std::move(command);
  give(std::move(answer));
}

Task<> keep_answer(std::shared_ptr<Value> slot, Task<Value> command) {
  Value answer = co_await std::move(command);
  *slot = std::move(answer);
}

// Aerie's own messages begin with its name; what follows is the official server's text where it has one.
std::string_view without_prefix(std::string_view message) {
  constexpr std::string_view prefix = "aerie: ";
  return message.substr(message.starts_with(prefix) ? prefix.size() : 0);
}

Array args_of(Value const& command) {
  auto const args = elements(command["args"]);
  return {args.begin(), args.end()};
}

Value connection_details(aerie::engineio::Session const* session) {
  if (session == nullptr) return nullptr;
  return aerie::Object{{"id", session->id()},
                       {"protocol", static_cast<int>(session->protocol())},
                       {"transport", to_string(session->transport())},
                       {"remoteAddress", session->peer().address()}};
}

// A socket without data has an empty object in the official server.
Value data_or_empty(Value const& data) {
  return data.is_undefined() ? Value::object() : data;
}

}  // namespace

Commands::Action Commands::action(std::string_view name) {
  static std::map<std::string_view, Action> const actions{
      {"sequence", &Commands::sequence},
      {"emit", &Commands::emit},
      {"immutable", &Commands::immutable},
      {"join", &Commands::join},
      {"leave", &Commands::leave},
      {"rooms", &Commands::rooms},
      {"members", &Commands::members},
      {"roomNames", &Commands::room_names},
      {"fetchSockets", &Commands::fetch_sockets},
      {"socketsJoin", &Commands::sockets_join},
      {"socketsLeave", &Commands::sockets_leave},
      {"disconnectSockets", &Commands::disconnect_sockets},
      {"disconnect", &Commands::disconnect},
      {"setData", &Commands::set_data},
      {"info", &Commands::info},
      {"closeConn", &Commands::close_conn},
      {"of", &Commands::of},
  };
  auto const found = actions.find(name);
  if (found == actions.end()) throw std::invalid_argument("unknown command " + std::string(name));
  return found->second;
}

Task<Value> Commands::run(Value command, Array args, aerie::Socket* socket) {
  Call const call(std::move(command), std::move(args), socket);
  std::string error;
  try {
    if (auto elsewhere = subject_elsewhere(call)) co_return co_await run_there(call, *std::move(elsewhere));
    auto const act = action(text(call.command, "do"));
    Value value = co_await (this->*act)(call);
    co_return ok(std::move(value));
  } catch (aerie::Cancelled const&) {
    throw;
  } catch (std::exception const& thrown) {
    error = without_prefix(thrown.what());
  }
  co_return aerie::Object{{"error", error}};
}

Task<Value> Commands::run_there(Call const& call, aerie::SocketHandle subject) {
  aerie::core::Completion<Value> answer;
  auto act = [this, command = call.command, args = call.args, pin = subject,
              give = answer.completer()](aerie::Socket& socket) mutable {
    aerie::spawn(socket.shard(),
                 answer_with(std::move(give), run(std::move(command), std::move(args), &socket), pin));
  };
  subject.run(std::move(act));
  co_return co_await answer;
}

Task<Value> Commands::sequence(Call const& call) {
  Array answers;
  for (auto const& each : elements(call.command["commands"])) {
    auto const answer = std::make_shared<Value>(ok(nullptr));
    aerie::spawn(*aerie::core::Shard::current(), keep_answer(answer, run(each, args_of(each), call.socket)));
    answers.push_back(*answer);
  }
  co_return answers;
}

Task<Value> Commands::emit(Call const& call) {
  auto const& command = call.command;
  if (!is_true(command, "ack") && command["timeout"].is_undefined()) {
    send(call, nullptr);
    co_return nullptr;
  }
  if (!command["label"].is_undefined()) {
    send(call, [this, label = command["label"]](Value const& answer) {
      log_.add("ack", {{"label", label}, {"err", answer["err"]}, {"responses", answer["responses"]}});
    });
    co_return nullptr;
  }
  aerie::core::Completion<Value> answer;
  send(call, [give = answer.completer()](Value value) mutable { give(std::move(value)); });
  co_return co_await answer;
}

Task<Value> Commands::immutable(Call const& call) {
  auto const a = room_list(call.command["a"]);
  auto const b = room_list(call.command["b"]);
  auto const target = nsp(call).to(a);
  static_cast<void>(target.to(b));
  static_cast<void>(target.except(a));
  target.emit("immutable");
  co_return nullptr;
}

Task<Value> Commands::join(Call const& call) {
  subject(call).join(room_list(call.command["rooms"]));
  co_return nullptr;
}

Task<Value> Commands::leave(Call const& call) {
  subject(call).leave(text(call.command, "room"));
  co_return nullptr;
}

Task<Value> Commands::rooms(Call const& call) {
  co_return texts(subject(call).rooms());
}

Task<Value> Commands::members(Call const& call) {
  auto const& room = call.command["room"];
  auto const everybody = std::vector<std::string>();
  auto const target = nsp(call).in(room.is_undefined() ? everybody : room_list(room));
  auto const sockets = co_await target.fetch_sockets();
  Array ids;
  for (auto const& socket : sockets)
    ids.emplace_back(socket.id());
  co_return ids;
}

Task<Value> Commands::room_names(Call const& call) {
  auto const shared = nsp(call).shared_from_this();
  auto& runtime = io_.runtime();
  std::set<std::string> names;
  for (std::size_t i = 0; i < runtime.shard_count(); ++i) {
    auto& shard = runtime.shard(i);
    std::vector<std::string> local;
    if (shard.in_turn()) {
      local = shared->local_rooms();
    } else {
      aerie::core::Completion<std::vector<std::string>> answer;
      shard.post([shared, give = answer.completer()]() mutable { give(shared->local_rooms()); });
      local = co_await answer;
    }
    names.insert(local.begin(), local.end());
  }
  co_return Array(names.begin(), names.end());
}

Task<Value> Commands::fetch_sockets(Call const& call) {
  auto const whom = target(call);
  auto const sockets = co_await whom.fetch_sockets();
  Array result;
  for (auto const& socket : sockets) {
    result.emplace_back(aerie::Object{{"id", socket.id()},
                                      {"rooms", texts(socket.rooms())},
                                      {"data", data_or_empty(socket.data())},
                                      {"handshake", socket.handshake()}});
  }
  co_return result;
}

Task<Value> Commands::sockets_join(Call const& call) {
  target(call).sockets_join(room_list(call.command["rooms"]));
  co_return nullptr;
}

Task<Value> Commands::sockets_leave(Call const& call) {
  target(call).sockets_leave(room_list(call.command["rooms"]));
  co_return nullptr;
}

Task<Value> Commands::disconnect_sockets(Call const& call) {
  target(call).disconnect_sockets(is_true(call.command, "close"));
  co_return nullptr;
}

Task<Value> Commands::disconnect(Call const& call) {
  subject(call).disconnect(is_true(call.command, "close"));
  co_return nullptr;
}

Task<Value> Commands::set_data(Call const& call) {
  subject(call).data() = aerie::Object{{"value", call.command["data"]}};
  co_return nullptr;
}

Task<Value> Commands::info(Call const& call) {
  auto& socket = subject(call);
  co_return aerie::Object{{"id", socket.id()},
                          {"nsp", socket.nsp().name()},
                          {"connected", socket.connected()},
                          {"recovered", socket.recovered()},
                          {"rooms", texts(socket.rooms())},
                          {"data", data_or_empty(socket.data())},
                          {"handshake", socket.handshake().to_value()},
                          {"conn", connection_details(socket.conn())}};
}

Task<Value> Commands::close_conn(Call const& call) {
  if (auto* const session = subject(call).conn()) session->close(is_true(call.command, "discard"));
  co_return nullptr;
}

Task<Value> Commands::of(Call const& call) {
  co_return io_.of(text(call.command, "nsp")).name();
}

}  // namespace conformance

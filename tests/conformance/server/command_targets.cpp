// Whom a command is about, and what it emits to them.
#include "commands.hpp"
#include "values.hpp"

#include <stdexcept>
#include <utility>

namespace conformance {

namespace {

using aerie::BroadcastOperator;
using aerie::SocketEmitter;
using aerie::Value;

std::vector<std::string> const no_rooms;

Value error_of(aerie::AckError error) {
  return error == aerie::AckError::none ? Value(nullptr) : to_string(error);
}

Value answer_of(aerie::AckReply const& reply) {
  return aerie::Object{{"err", error_of(reply.error())}, {"responses", reply.args().values()}};
}

Value answer_of(aerie::BroadcastReply const& reply) {
  return aerie::Object{{"err", error_of(reply.error)}, {"responses", reply.responses}};
}

bool is_for_one(Value const& command) {
  return text(command, "from", "socket") == "socket" && command["to"].is_undefined() &&
         command["except"].is_undefined() && !is_true(command, "local");
}

std::optional<std::chrono::milliseconds> timeout_of(Value const& command) {
  auto const timeout = command["timeout"].get_if<std::int64_t>();
  return timeout ? std::optional(std::chrono::milliseconds(*timeout)) : std::nullopt;
}

SocketEmitter emitter(aerie::Socket const& socket, Value const& command) {
  return SocketEmitter(socket, {.is_volatile = is_true(command, "volatile"),
                                .compress = command["compress"].get_if<bool>().value_or(true),
                                .timeout = timeout_of(command)});
}

}  // namespace

void Commands::send(Call const& call, OnAnswer on_answer) {
  auto const& command = call.command;
  auto const emit = [&](auto const& emitter) {
    auto const event = text(command, "event");
    if (on_answer) {
      std::vector<aerie::EncodableRef> const refs(call.args.begin(), call.args.end());
      emitter.emit_args(event, refs,
                        [give = std::move(on_answer)](auto const& reply) { give(answer_of(reply)); });
      return;
    }
    for (auto times = integer(command, "times", 1); times > 0; --times)
      emit_values(emitter, event, call.args);
  };
  if (text(command, "from") == "parent") {
    emit_values(*parent_, text(command, "event"), call.args);
  } else if (is_for_one(command)) {
    emit(emitter(subject(call), command));
  } else {
    emit(target(call));
  }
}

aerie::Namespace& Commands::nsp(Call const& call) const {
  auto const& name = call.command["nsp"];
  if (name.is_string()) return io_.of(name.as_string());
  return call.socket == nullptr ? io_.sockets() : call.socket->nsp();
}

aerie::Socket& Commands::subject(Call const& call) const {
  auto const& id = call.command["socket"];
  auto* const socket = id.is_string() ? nsp(call).find(id.as_string()) : call.socket;
  if (socket == nullptr)
    throw std::invalid_argument("no socket " + std::string(text(call.command, "socket")));
  return *socket;
}

std::optional<aerie::SocketHandle> Commands::subject_elsewhere(Call const& call) const {
  auto const& id = call.command["socket"];
  if (!id.is_string() || nsp(call).find(id.as_string()) != nullptr) return std::nullopt;
  return sockets_.find(id.as_string());
}

BroadcastOperator Commands::target(Call const& call) const {
  auto const& command = call.command;
  auto result = origin(call);
  for (auto const& rooms : elements(command["to"]))
    result = result.to(room_list(rooms));
  for (auto const& rooms : elements(command["except"]))
    result = result.except(room_list(rooms));
  if (is_true(command, "local")) result = result.local();
  if (is_true(command, "volatile")) result = result.volatile_();
  if (auto const compress = command["compress"].get_if<bool>()) result = result.compress(*compress);
  if (auto const timeout = timeout_of(command)) result = result.timeout(*timeout);
  return result;
}

BroadcastOperator Commands::origin(Call const& call) const {
  auto const from = text(call.command, "from", "socket");
  if (from == "socket") return subject(call).to(no_rooms);
  if (from == "broadcast") return subject(call).broadcast();
  if (from == "nsp") return nsp(call).to(no_rooms);
  if (from == "io") return io_.to(no_rooms);
  if (from == "parent") {
    throw std::invalid_argument(std::string(text(call.command, "do")) +
                                "() is not supported on parent namespaces");
  }
  throw std::invalid_argument("unknown origin " + std::string(from));
}

}  // namespace conformance

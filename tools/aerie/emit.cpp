#include "emit.hpp"

#include "command_error.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/emitter/emitter.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <utility>

namespace aerie::cli {

namespace {

Value argument(std::string const& word) {
  Value value;
  if (utf8::is_valid(word) && json::parse(word, value).ok()) return value;
  return word;
}

cluster::EmitterOperator target(cluster::EmitterNamespace const& nsp, EmitCommand const& command) {
  auto to = nsp.to(command.rooms).except(command.except);
  if (command.is_volatile) to = to.volatile_();
  if (command.uncompressed) to = to.compress(false);
  return to;
}

void send(cluster::Emitter const& emitter, EmitCommand const& command) {
  auto const nsp = emitter.of(command.nsp);
  auto const to = target(nsp, command);
  if (!command.join.empty()) to.sockets_join(command.join);
  if (!command.leave.empty()) to.sockets_leave(command.leave);
  if (command.disconnect) to.disconnect_sockets(command.close);
  if (command.words.empty()) return;
  std::vector<Value> values;
  for (auto const& word : std::span(command.words).subspan(1))
    values.push_back(argument(word));
  std::vector<EncodableRef> const args(values.begin(), values.end());
  if (command.server_side) {
    nsp.server_side_emit_args(command.words.front(), args);
  } else {
    to.emit_args(command.words.front(), args);
  }
}

Task<void> send_all(Runtime& runtime, cluster::Emitter const& emitter, EmitCommand const& command,
                    std::string& failure) {
  try {
    send(emitter, command);
    auto const lost = co_await emitter.flush();
    if (lost > 0 && failure.empty()) failure = "Redis did not take it";
  } catch (std::exception const& error) {
    failure = error.what();
  }
  runtime.stop();
}

emitter::SigningOptions signing(std::string const& key_file) {
  if (key_file.empty()) return {};
  std::ifstream in(key_file, std::ios::binary);
  std::string key(std::istreambuf_iterator<char>(in), {});
  if (!in) throw CommandError("--signing-key-file " + key_file + " cannot be read");
  key.erase(key.find_last_not_of("\r\n") + 1);
  return {.keys = {std::move(key)}};
}

}  // namespace

std::string EmitCommand::objection() const {
  bool const moves = !join.empty() || !leave.empty() || disconnect;
  if (words.empty() && !moves)
    return "which event? Say `aerie emit news '{\"text\":\"hello\"}'`, or --join, --leave or --disconnect";
  if (server_side && (moves || !rooms.empty() || !except.empty()))
    return "--server-side is for the servers themselves, which are in no room; leave out the rest";
  if (close && !disconnect) return "--close goes with --disconnect";
  return {};
}

void emit(EmitCommand const& command) {
  std::string why;
  std::string failure;
  Runtime runtime({.log_level = LogLevel::error});
  redis::ClientOptions client;
  client.on_state = [&why](redis::StateChange const& change) {
    if (!change.reason.empty()) why = change.reason;
  };
  cluster::Emitter emitter(runtime, {.url = command.redis,
                                     .key = command.key,
                                     .signing = signing(command.signing_key_file),
                                     .client = std::move(client)});
  spawn(runtime, send_all(runtime, emitter, command, failure));
  runtime.run();
  if (!failure.empty()) throw CommandError(failure + (why.empty() ? "" : ": " + why));
}

}  // namespace aerie::cli

#pragma once

/// \file
/// A server with an adapter that only writes down what it is asked and told.

#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/spawn.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/adapter.hpp>

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace aerie::socketio::test {

using Form = EventPayload::Form;

/// What a test adapter does, and what has been asked of it; both outlive it.
struct Script {
  Strings calls{};
  std::vector<std::shared_ptr<ClusterMessage const>> messages{};
  ClusterMember* here = nullptr;
  std::function<void(ClusterMessage const&)> on_message{};
  UniqueFunction<void()> closing{};
  bool closes_at_once = true;
  Adapter::RoomInterest interest = Adapter::RoomInterest::none;
  Form plain = Form::values;
  Form binary = Form::values;

  Strings take() { return std::exchange(calls, {}); }
  ClusterMessage const& last() const { return *messages.back(); }
};

class ScriptedAdapter final : public Adapter {
 public:
  ScriptedAdapter(Script& script, ClusterMember& here) : script_(script) { script.here = &here; }
  ~ScriptedAdapter() override { note("destroyed"); }

  void open() override { note("open"); }
  void close(UniqueFunction<void()> done) override {
    note("close");
    script_.closing = std::move(done);
    if (script_.closes_at_once) script_.closing();
  }
  void publish(std::shared_ptr<ClusterMessage const> const& message) override { take("publish", message); }
  void request(std::shared_ptr<ClusterMessage const> const& message) override { take("request", message); }
  void request_ended(RequestId) override { note("ended"); }
  void count_servers(UniqueFunction<void(std::size_t)> done) override { done(7); }
  Form payload_form(bool has_binary) const noexcept override {
    return has_binary ? script_.binary : script_.plain;
  }
  void namespace_created(std::string_view nsp) override { note("created " + std::string(nsp)); }
  void namespace_closed(std::string_view nsp) override { note("closed " + std::string(nsp)); }
  RoomInterest room_interest() const noexcept override { return script_.interest; }
  void room_created(std::string_view nsp, std::string_view room) override {
    note("+" + std::string(nsp) + " " + std::string(room));
  }
  void room_deleted(std::string_view nsp, std::string_view room) override {
    note("-" + std::string(nsp) + " " + std::string(room));
  }

 private:
  void note(std::string call) { script_.calls.push_back(std::move(call)); }
  void take(std::string call, std::shared_ptr<ClusterMessage const> const& message) {
    note(std::move(call));
    script_.messages.push_back(message);
    if (script_.on_message) script_.on_message(*message);
  }
  Script& script_;
};

class AdapterSeam : public SocketIoFixture, public testing::WithParamInterface<unsigned> {
 protected:
  explicit AdapterSeam(unsigned threads = GetParam()) : SocketIoFixture(threads) {}
  ~AdapterSeam() override { io.reset(); }
  void start_with_adapter() {
    aerie::ServerOptions options;
    options.close_timeout = 3s;
    options.adapter = [this](ClusterMember& here) { return std::make_unique<ScriptedAdapter>(script, here); };
    start(std::move(options));
    io->on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
    io->on("leave", [](Socket& socket, std::string const& room) { socket.leave(room); });
    world.run();
  }
  SocketIoClient client_on(std::size_t shard, std::string_view nsp = "/") {
    SocketIoClient made(world, Over::websocket, shard % GetParam());
    last_id = made.join(nsp);
    return made;
  }
  auto note() {
    return [this](BroadcastReply const& reply) {
      events.push_back(std::to_string(reply.responses.size()) + " " + std::string(to_string(reply.error)) +
                       (reply.missing.cluster_unreachable ? "!" : "") + std::to_string(reply.missing.count));
    };
  }
  /// Does something on every shard in turn.
  template <class F>
  void on_each_shard(F f) {
    for (std::size_t shard = 0; shard < GetParam(); ++shard)
      world.in_turn(f, shard);
  }

  Script script;
  std::string last_id;
};

}  // namespace aerie::socketio::test

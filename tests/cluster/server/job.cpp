#include "job.hpp"

#include "conformance/server/values.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace cluster_target {

namespace {

using aerie::Array;
using aerie::BroadcastOperator;
using aerie::Task;
using aerie::Value;
using conformance::elements;
using conformance::is_true;

// Whom, and how.
BroadcastOperator target(aerie::Socket& socket, Value const& job) {
  auto const nothing = aerie::socketio::RoomList(std::vector<std::string>());
  auto to = conformance::text(job, "from") == "socket" ? socket.to(nothing) : socket.nsp().to(nothing);
  to = to.to(conformance::room_list(job["rooms"])).except(conformance::room_list(job["except"]));
  if (is_true(job, "local")) to = to.local();
  if (is_true(job, "volatile")) to = to.volatile_();
  if (job["compress"].is_bool()) to = to.compress(job["compress"].as_bool());
  if (job["timeout"].is_number()) to = to.timeout(std::chrono::milliseconds(job["timeout"].as_int()));
  return to;
}

std::string event_of(Value const& job) {
  return std::string(conformance::text(job, "event"));
}

// The reply of whoever is asked by an event with arguments whose number only shows now.
template <class Asked>
Task<aerie::BroadcastReply> ask(Asked asked, Value job) {
  auto const values = elements(job["args"]);
  std::vector<aerie::EncodableRef> const args(values.begin(), values.end());
  aerie::core::Completion<aerie::BroadcastReply> reply;
  asked.emit_args(event_of(job), args,
                  [give = reply.completer()](aerie::BroadcastReply got) mutable { give(std::move(got)); });
  auto answer = co_await reply;
  co_return answer;
}

Value answers(aerie::BroadcastReply const& reply) {
  return aerie::Object{{"answers", Array(reply.responses)}, {"complete", reply.ok() && reply.missing.none()}};
}

Value details(std::vector<aerie::RemoteSocket> sockets) {
  std::sort(sockets.begin(), sockets.end(), [](auto const& a, auto const& b) { return a.id() < b.id(); });
  Array all;
  for (auto const& socket : sockets) {
    std::vector<Value> const rooms(socket.rooms().begin(), socket.rooms().end());
    all.emplace_back(aerie::Object{{"id", socket.id()}, {"rooms", sorted(rooms)}, {"data", socket.data()}});
  }
  return all;
}

}  // namespace

Value sorted(std::vector<Value> values) {
  auto const text = [](Value const& value) {
    return value.is_string() ? std::string(value.as_string()) : aerie::json::stringify(value);
  };
  std::sort(values.begin(), values.end(), [&](Value const& a, Value const& b) { return text(a) < text(b); });
  return Array(std::move(values));
}

Task<Value> perform(aerie::Socket& socket, Value job) {
  auto const op = std::string(conformance::text(job, "op"));
  auto const to = target(socket, job);
  if (op == "emit") {
    conformance::emit_values(to, event_of(job), elements(job["args"]));
  } else if (op == "ask") {
    auto const reply = co_await ask(to, job);
    co_return answers(reply);
  } else if (op == "join") {
    to.sockets_join(conformance::room_list(job["names"]));
  } else if (op == "leave") {
    to.sockets_leave(conformance::room_list(job["names"]));
  } else if (op == "disconnect") {
    to.disconnect_sockets(is_true(job, "close"));
  } else if (op == "fetch") {
    auto const sockets = co_await to.fetch_sockets();
    co_return details(sockets);
  } else if (op == "fetch-what-comes") {
    auto const sockets = co_await to.fetch_sockets();
    co_return aerie::Object{{"sockets", details(sockets)},
                            {"missing", sockets.missing().count},
                            {"unreachable", sockets.missing().cluster_unreachable}};
  } else if (op == "side") {
    conformance::emit_values(socket.nsp().server_side(), event_of(job), elements(job["args"]));
  } else if (op == "side-ask") {
    auto const reply = co_await ask(socket.nsp().server_side(), job);
    co_return answers(reply);
  } else if (op == "data") {
    socket.data() = job["data"];
  } else {
    co_return Value("there is no " + op);
  }
  co_return Value("ok");
}

}  // namespace cluster_target

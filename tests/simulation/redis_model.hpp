#pragma once

#include "redis/reply_reader.hpp"
#include "simulation/random.hpp"
#include "unit/support/resp_text.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/redis/client_options.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::simulation {

/// Redis as clusters use it, with a network before it: what either side writes arrives later, in the order of
/// its connection, and in no order between connections.
class RedisModel : public test::RespText {
 public:
  using Time = std::uint64_t;  // milliseconds

  explicit RedisModel(Random& random) : random_(random) {}

  /// How the server of that number connects.
  std::unique_ptr<core::Stream> dial(core::Shard& shard, std::size_t server) {
    if (!up_) return nullptr;
    auto pair = core::memory_pair(shard);
    connections_.push_back(std::make_unique<Connection>(std::move(pair.client), server));
    connections_.back()->delay = random_.one_in(20) ? 150 : random_.below(20);
    return std::move(pair.server);
  }

  /// What has been written by now goes on its way; what has arrived by now is done.
  void pass(Time now) {
    now_ = now;
    std::vector<Connection*> order;
    for (auto const& connection : connections_)
      order.push_back(connection.get());
    random_.shuffle(order);
    for (auto* const connection : order) {
      send(connection->to_redis, connection->client.take(), *connection);
      receive(*connection);
    }
    for (auto* const connection : order) {
      for (; !connection->to_server.empty() && connection->to_server.front().due <= now_;
           connection->to_server.pop_front())
        connection->client.write(connection->to_server.front().bytes);
    }
    std::erase_if(connections_,
                  [](auto const& each) { return each->client.closed() || each->client.ended(); });
  }

  /// Breaks off one connection of a server, or all; what is on its way is lost. True if there was one.
  bool cut(std::size_t server, bool all) {
    std::vector<Connection*> found;
    for (auto const& connection : connections_)
      if (connection->server == server) found.push_back(connection.get());
    if (found.empty()) return false;
    if (!all) found = {found[random_.below(found.size())]};
    for (auto* const connection : found)
      connection->client.reset();
    std::erase_if(connections_,
                  [&](auto const& each) { return std::ranges::find(found, each.get()) != found.end(); });
    return true;
  }
  void stop() {
    for (auto const& connection : connections_)
      connection->client.reset();
    connections_.clear();
    up_ = false;
  }
  void start() { up_ = true; }
  bool up() const { return up_; }
  std::size_t connections() const { return connections_.size(); }

 private:
  struct Packet {
    Time due;
    std::string bytes;
  };
  using Way = std::deque<Packet>;
  struct Connection {
    Connection(core::MemoryClient end, std::size_t of) : client(std::move(end)), server(of) {}
    core::MemoryClient client;
    std::size_t server;
    std::size_t delay = 0;  // at most, on each way
    Way to_redis;
    Way to_server;
    std::unique_ptr<redis::ReplyReader> reader = std::make_unique<redis::ReplyReader>();
    std::set<std::string> subscriptions;  // "", "p" or "s", a space and the name
  };

  void send(Way& way, std::string bytes, Connection const& connection) {
    if (bytes.empty()) return;
    auto const earliest = way.empty() ? now_ : way.back().due;
    way.push_back({std::max(earliest, now_ + random_.below(connection.delay + 1)), std::move(bytes)});
  }
  void receive(Connection& connection) {
    for (; !connection.to_redis.empty() && connection.to_redis.front().due <= now_;
         connection.to_redis.pop_front())
      connection.reader->feed(connection.to_redis.front().bytes);
    redis::Reply command;
    while (connection.reader->next(command) == redis::ReplyReader::Step::reply) {
      std::vector<std::string> args;
      for (auto const& each : command.elements())
        args.emplace_back(each.text());
      send(connection.to_server, answer(connection, args), connection);
    }
  }

  static std::string number(std::size_t value) { return ":" + std::to_string(value) + "\r\n"; }

  std::string answer(Connection& connection, std::vector<std::string> const& args) {
    auto const& name = args.at(0);
    if (name == "PING") return connection.subscriptions.empty() ? "+PONG\r\n" : array({"pong", ""});
    if (name == "INFO") return bulk("# Cluster\r\ncluster_enabled:0\r\n");
    if (name == "PUBLISH") return number(publish("", args.at(1), args.at(2)));
    if (name == "SPUBLISH") return number(publish("s", args.at(1), args.at(2)));
    if (name == "PUBSUB") {
      auto const kind = args.at(1) == "SHARDNUMSUB" ? "s " : " ";
      auto const subscribers = std::ranges::count_if(
          connections_, [&](auto const& each) { return each->subscriptions.contains(kind + args.at(2)); });
      return "*2\r\n" + bulk(args[2]) + number(static_cast<std::size_t>(subscribers));
    }
    if (name.ends_with("SUBSCRIBE")) return subscribe(connection, args);
    return "+OK\r\n";
  }

  std::size_t publish(std::string const& kind, std::string const& channel, std::string const& payload) {
    std::size_t receivers = 0;
    for (auto const& connection : connections_) {
      if (connection->subscriptions.contains(kind + " " + channel)) {
        send(connection->to_server, array({kind + "message", channel, payload}), *connection);
        ++receivers;
      }
      for (auto const& pattern : connection->subscriptions) {
        // All patterns here end with a star, and have no other.
        if (!kind.empty() || !pattern.starts_with("p ") ||
            !channel.starts_with(std::string_view(pattern).substr(2, pattern.size() - 3)))
          continue;
        send(connection->to_server, array({"pmessage", pattern.substr(2), channel, payload}), *connection);
        ++receivers;
      }
    }
    return receivers;
  }

  static std::string subscribe(Connection& connection, std::vector<std::string> const& args) {
    auto const& name = args[0];
    auto const off = name.find("UNSUBSCRIBE") != std::string::npos;
    std::string const kind = name.starts_with('P')                            ? "p"
                             : name == "SSUBSCRIBE" || name == "SUNSUBSCRIBE" ? "s"
                                                                              : "";
    std::string answers;
    for (std::size_t i = 1; i < args.size(); ++i) {
      auto const key = kind + " " + args[i];
      if (off) {
        connection.subscriptions.erase(key);
      } else {
        connection.subscriptions.insert(key);
      }
      answers += "*3\r\n" + bulk(kind + (off ? "unsubscribe" : "subscribe")) + bulk(args[i]) +
                 number(connection.subscriptions.size());
    }
    return answers;
  }

  Random& random_;
  Time now_ = 0;
  bool up_ = true;
  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace aerie::simulation

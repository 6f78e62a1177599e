#pragma once

/// \file
/// A Redis for tests, in memory and on the test's clock: as much of it as a client can tell, and faults.

#include "redis/reply_reader.hpp"
#include "unit/support/resp_text.hpp"

#include <aerie/core/address.hpp>
#include <aerie/core/memory_stream.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/redis/client_options.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::test {

class FakeRedis : public RespText {
 public:
  using Args = std::vector<std::string>;

  /// For ClientOptions::dial.
  std::function<std::unique_ptr<core::Stream>(core::Shard&, core::Address const&)> dial() {
    return [this](core::Shard& shard, core::Address const& address) -> std::unique_ptr<core::Stream> {
      dialled.push_back(address.text());
      if (!up) return nullptr;
      auto pair = core::memory_pair(shard);
      connections_.push_back(std::make_unique<Connection>(std::move(pair.client)));
      connections_.back()->number = ++last_number_;
      return std::move(pair.server);
    };
  }

  /// Reads and answers what has come; true if there was anything.
  bool serve() {
    auto busy = false;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      auto& connection = *connections_[i];
      auto const bytes = silent ? std::string() : connection.client.take();
      busy = busy || !bytes.empty();
      connection.reader->feed(bytes);
      redis::Reply command;
      while (!connection.broken && connection.reader->next(command) == redis::ReplyReader::Step::reply)
        execute(connection, command);
    }
    // Who has ended its direction is done.
    std::erase_if(connections_, [](auto const& each) {
      return each->client.closed() || each->client.ended() || each->broken;
    });
    return busy;
  }
  /// Until neither side has anything more to say.
  void run(core::Shard& shard) {
    do
      shard.run_ready();
    while (serve());
  }

  std::size_t connections() const { return connections_.size(); }
  /// How often a command has come, from its first word on.
  std::size_t count(std::string_view command) const {
    return static_cast<std::size_t>(std::count_if(
        commands.begin(), commands.end(), [=](auto const& each) { return each.starts_with(command); }));
  }

  /// Breaks off all connections, or those with subscriptions only.
  void cut(bool subscribers_only = false) {
    for (auto& connection : connections_) {
      if (subscribers_only && connection->subscriptions.empty()) continue;
      connection->client.reset();
      connection->broken = true;
    }
    std::erase_if(connections_, [](auto const& each) { return each->broken; });
  }
  void stop() {
    cut();
    up = false;
  }
  /// Sends bytes to whoever has subscribed, or to whoever has not.
  void send_raw(std::string_view bytes, bool to_subscribers) {
    for (auto& connection : connections_) {
      if (connection->subscriptions.empty() != to_subscribers) connection->client.write(bytes);
    }
  }
  std::size_t publish(std::string_view kind, std::string const& channel, std::string const& payload) {
    std::size_t receivers = 0;
    for (auto& connection : connections_) {
      if (connection->subscriptions.contains(std::string(kind) + " " + channel)) {
        connection->client.write(array({kind == "s" ? "smessage" : "message", channel, payload}));
        ++receivers;
      }
      for (auto const& name : connection->subscriptions) {
        // Patterns of these tests end with a star.
        if (!kind.empty() || !name.starts_with("p ") || !channel.starts_with(name.substr(2, name.size() - 3)))
          continue;
        connection->client.write(array({"pmessage", name.substr(2), channel, payload}));
        ++receivers;
      }
    }
    return receivers;
  }

  bool up = true;
  bool silent = false;
  bool loading = false;
  bool cluster = false;
  std::string user = "default";
  std::string password;
  /// Commands (by their first word, in capitals) that are answered with these bytes.
  std::map<std::string, std::string> answers;
  /// What EVAL is answered, by its arguments; what this leaves empty is answered as other commands are.
  std::function<std::string(Args const&)> script = [](Args const&) { return std::string(); };
  /// The next command of this name is answered so.
  void refuse_next(std::string_view name, std::string bytes) { once_[std::string(name)] = std::move(bytes); }
  /// Channels that nobody may subscribe to.
  std::set<std::string> forbidden;

  std::vector<std::string> dialled;
  /// All commands but PING, in the order of their coming: words joined by spaces.
  std::vector<std::string> commands;
  /// The number of the connection that sent each.
  std::vector<int> senders;

 private:
  struct Connection {
    explicit Connection(core::MemoryClient end) : client(std::move(end)) {}
    core::MemoryClient client;
    std::unique_ptr<redis::ReplyReader> reader = std::make_unique<redis::ReplyReader>();
    std::set<std::string> subscriptions;  // "", "p" or "s", a space and the name
    bool authenticated = false;
    bool broken = false;
    int number = 0;
  };

  void execute(Connection& connection, redis::Reply const& command) {
    Args args;
    std::string line;
    for (auto const& each : command.elements()) {
      args.emplace_back(each.text());
      line += (line.empty() ? "" : " ") + args.back();
    }
    if (args.at(0) != "PING") {
      commands.push_back(line);
      senders.push_back(connection.number);
    }
    connection.client.write(answer(connection, args));
  }

  std::string answer(Connection& connection, Args const& args) {
    auto const& name = args[0];
    if (name == "AUTH") {
      auto const given = args.size() == 3 ? args[1] : "default";
      connection.authenticated = given == user && args.back() == password;
      return connection.authenticated ? "+OK\r\n"
                                      : "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
    }
    if (!password.empty() && !connection.authenticated) return "-NOAUTH Authentication required.\r\n";
    if (auto const node = once_.extract(name); !node.empty()) return node.mapped();
    if (auto answered = name == "EVAL" ? script(args) : ""; !answered.empty()) return answered;
    if (auto const found = answers.find(name); found != answers.end()) return found->second;
    if (name == "CLIENT" || name == "SELECT") return "+OK\r\n";
    if (name == "INFO")
      return bulk(cluster ? "# Cluster\r\ncluster_enabled:1\r\n" : "# Cluster\r\ncluster_enabled:0\r\n");
    if (loading) return "-LOADING Redis is loading the dataset in memory\r\n";
    if (name == "PING") return connection.subscriptions.empty() ? "+PONG\r\n" : array({"pong", ""});
    if (name == "ECHO") return bulk(args.at(1));
    if (name == "PUBLISH" || name == "SPUBLISH") {
      auto const receivers = publish(name == "PUBLISH" ? "" : "s", args.at(1), args.at(2));
      return ":" + std::to_string(receivers) + "\r\n";
    }
    if (name.ends_with("SUBSCRIBE")) return subscribe(connection, args);
    return "-ERR unknown command '" + name + "'\r\n";
  }

  std::string subscribe(Connection& connection, Args const& args) {
    auto const off = args[0].find("UNSUB") != std::string::npos;
    auto const kind = args[0][0] == 'P'                                          ? "p "
                      : args[0].starts_with("SS") || args[0].starts_with("SUNS") ? "s "
                                                                                 : " ";
    auto const word = std::string(args[0][0] == 'P' ? "p"
                                  : kind[0] == 's'  ? "s"
                                                    : "") +
                      (off ? "unsubscribe" : "subscribe");
    auto const key = kind + args.at(1);
    if (!off && forbidden.contains(args[1]))
      return "-NOPERM this user has no permissions to access the channel\r\n";
    if (off) {
      connection.subscriptions.erase(key);
    } else {
      connection.subscriptions.insert(key);
    }
    return "*3\r\n" + bulk(word) + bulk(args[1]) + ":" + std::to_string(connection.subscriptions.size()) +
           "\r\n";
  }

  std::map<std::string, std::string> once_;
  std::vector<std::unique_ptr<Connection>> connections_;
  int last_number_ = 0;
};

}  // namespace aerie::test

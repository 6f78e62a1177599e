#pragma once

/// \file
/// What a stream still has of a namespace, for those who come back.

#include <aerie/core/function.hpp>
#include <aerie/redis/client.hpp>
#include <aerie/socketio/event_log.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

/// Reads page after page, a few at a time and the others when it is their turn: thousands of clients that
/// come back at once do not keep Redis from those that are there. Belongs to the client's shard.
class StreamHistory {
 public:
  using Messages = std::vector<socketio::LoggedMessage>;
  using Done = UniqueFunction<void(std::optional<Messages>)>;

  /// `is_exact`: streams are those of a StreamWriter, which says from where on they are whole.
  StreamHistory(redis::Client& redis, bool is_exact) : redis_(redis), is_exact_(is_exact) {}

  /// Nothing if something behind `after` is not there any more, or perhaps not.
  void read(std::string stream, std::string nsp, socketio::LogPosition after, Done done);
  void clear() { waiting_.clear(); }

 private:
  struct Reading {
    std::string stream;
    std::string nsp;
    socketio::LogPosition after;
    socketio::LogPosition at;
    Messages messages;
    Done done;
  };

  void begin();
  void next_page(std::shared_ptr<Reading> const& reading);
  void check(std::shared_ptr<Reading> const& reading);
  void check_kept(std::shared_ptr<Reading> const& reading);
  void end(std::shared_ptr<Reading> const& reading, bool complete);

  redis::Client& redis_;
  bool is_exact_;
  std::size_t under_way_ = 0;
  std::deque<std::shared_ptr<Reading>> waiting_;
};

}}}  // namespace aerie::v1::cluster

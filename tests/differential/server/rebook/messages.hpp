#pragma once

#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace reference::rebook {

struct Message {
  std::int64_t id = 0;
  std::int64_t chat_room_id = 0;
  std::string sender;
  std::string content;

  static void describe(aerie::Schema<Message>& s);
};

/// The messages of all rooms. Thread-safe.
class MessageStore {
 public:
  Message add(std::int64_t chat_room_id, std::string sender, std::string content);
  std::vector<Message> of_room(std::int64_t chat_room_id) const;
  /// Forgets everything; ids begin with 1 again.
  void clear();

 private:
  std::mutex mutable mutex_;
  std::map<std::int64_t, std::vector<Message>> rooms_;
  std::int64_t last_id_ = 0;
};

}  // namespace reference::rebook

#include "cluster/id_watch.hpp"

#include <aerie/core/hex.hpp>

#include <algorithm>
#include <cstddef>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

constexpr std::size_t most_under_way = 16;
constexpr std::string_view question_end = R"(","question":true}})";
constexpr std::string_view answer_end = R"(","question":false}})";

}  // namespace

// To `@socket.io/redis-adapter` it is the answer to a request that is not open, to the sharded adapter a
// heartbeat of its own.
IdWatch::IdWatch(std::string_view id)
    : beginning_(R"({"type":1,"requestId":"greeting","uid":")" + std::string(id) +
                 R"(","nsp":"/","data":{"number":")") {}

std::string IdWatch::greeting(std::uint64_t number, Kind kind) {
  auto text = beginning_ + core::hex(number);
  text += kind == Kind::question ? question_end : answer_end;
  sent_.push_back(text);
  if (sent_.size() > most_under_way) sent_.pop_front();
  return text;
}

IdWatch::Heard IdWatch::hear(std::string_view payload, core::TimePoint now) {
  if (!payload.starts_with(beginning_)) return Heard::nothing;
  if (auto const own = std::find(sent_.begin(), sent_.end(), payload); own != sent_.end()) {
    sent_.erase(own);
    return Heard::own;
  }
  conflict_until_ = now + memory;
  return payload.ends_with(question_end) ? Heard::question : Heard::answer;
}

void IdWatch::reset() {
  sent_.clear();
  conflict_until_ = {};
}

}}}  // namespace aerie::v1::cluster

#include "redis/reply_reader.hpp"

#include <hiredis/read.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace aerie { inline namespace v1 { namespace redis {

namespace {

// Of a line: a status, an error, an integer, the head of a string. Redis' own limit.
constexpr std::size_t most_of_a_line = 64 * 1024;

// Arrays in arrays: whoever destroys a reply descends into it. It is the limit of hiredis 0.14; since 1.0 it
// has none.
constexpr int most_levels = 8;

bool is_too_deep(redisReadTask const& task) noexcept {
  int level = 1;
  for (auto const* parent = task.parent; parent != nullptr; parent = parent->parent)
    ++level;
  return level > most_levels;
}

}  // namespace

/// What hiredis calls while it reads. They are C functions: nothing may be thrown through them, and null ends
/// the reading.
struct ReplyReader::Callbacks {
  static ReplyReader& reader_of(redisReadTask const* task) noexcept {
    return *static_cast<ReplyReader*>(task->privdata);
  }

  static void* string(redisReadTask const* task, char* text, std::size_t size) noexcept {
    auto* const reply = reader_of(task).place(*task, size);
    if (reply == nullptr) return nullptr;
    try {
      reply->text_.assign(text, size);
    } catch (std::bad_alloc const&) {
      return nullptr;
    }
    reply->kind_ = task->type == REDIS_REPLY_ERROR    ? Reply::Kind::error
                   : task->type == REDIS_REPLY_STATUS ? Reply::Kind::status
                                                      : Reply::Kind::string;
    return reply;
  }
  // The type of the count is another one since hiredis 1.0.
  template <class Count>
  static void* array(redisReadTask const* task, Count count) noexcept {
    auto& reader = reader_of(task);
    if (is_too_deep(*task)) {
      reader.refused_ = "a reply has arrays in arrays, more than eight levels of them";
      return nullptr;
    }
    auto* const reply = reader.place(*task, 0);
    if (reply == nullptr) return nullptr;
    auto const size = static_cast<std::size_t>(count);
    if (size > reader.limits_.elements - std::min(reader.limits_.elements, reader.elements_)) {
      reader.refused_ = "a reply has more elements than ReplyLimits::elements";
      return nullptr;
    }
    reply->kind_ = Reply::Kind::array;
    try {
      // What was announced need not come.
      reply->elements_.reserve(std::min<std::size_t>(size, 16));
    } catch (std::bad_alloc const&) {
      return nullptr;
    }
    return reply;
  }
  static void* integer(redisReadTask const* task, long long number) noexcept {
    auto* const reply = reader_of(task).place(*task, 0);
    if (reply == nullptr) return nullptr;
    reply->kind_ = Reply::Kind::integer;
    reply->integer_ = number;
    return reply;
  }
  static void* nil(redisReadTask const* task) noexcept { return reader_of(task).place(*task, 0); }
  /// What is of RESP3: `place` refuses it.
  template <class... Value>
  static void* newer(redisReadTask const* task, Value...) noexcept {
    return reader_of(task).place(*task, 0);
  }
  // All that hiredis frees is the outermost reply, which is ours.
  static void free(void*) noexcept {}

  static redisReplyObjectFunctions& table() noexcept {
    static redisReplyObjectFunctions functions = [] {
      redisReplyObjectFunctions result{};
      result.createString = string;
      result.createArray = array;
      result.createInteger = integer;
      result.createNil = nil;
      result.freeObject = free;
      set_newer(result);
      return result;
    }();
    return functions;
  }

  /// Those that hiredis calls since 1.0; without them it would answer with pointers to nothing.
  template <class Functions>
  static void set_newer(Functions& functions) noexcept {
    if constexpr (requires { functions.createDouble; }) {
      functions.createDouble = newer;
      functions.createBool = newer;
    }
  }
};

void ReplyReader::Free::operator()(redisReader* reader) const noexcept {
  redisReaderFree(reader);
}

ReplyReader::ReplyReader(ReplyLimits limits)
    : limits_(limits), reader_(redisReaderCreateWithFunctions(&Callbacks::table())) {
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = this;
}

ReplyReader::~ReplyReader() = default;

/// Where the value goes that has been read. Its parent is the last one that has not been read to its end, so
/// that no element moves while anything points to it.
Reply* ReplyReader::place(redisReadTask const& task, std::size_t bytes) noexcept {
  // The last type of RESP2, which is all that servers were asked to speak.
  if (task.type > REDIS_REPLY_ERROR) {
    refused_ = "a reply of RESP3";
    return nullptr;
  }
  if (task.parent == nullptr) {
    bytes_ = elements_ = 0;
    root_ = Reply();
  }
  bytes_ += bytes;
  ++elements_;
  if (bytes_ > limits_.bytes) {
    refused_ = "a reply has more bytes than ReplyLimits::bytes";
    return nullptr;
  }
  if (task.parent == nullptr) return &root_;
  try {
    return &static_cast<Reply*>(task.parent->obj)->elements_.emplace_back();
  } catch (std::bad_alloc const&) {
    return nullptr;
  }
}

void ReplyReader::feed(std::string_view bytes) {
  if (reader_->err == 0) redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

ReplyReader::Step ReplyReader::next(Reply& reply) {
  if (!error_.empty()) return Step::malformed;
  void* found = nullptr;
  if (redisReaderGetReply(reader_.get(), &found) != REDIS_OK)
    return fail(refused_ != nullptr ? refused_ : reader_->errstr);
  if (found != nullptr) {
    reply = std::move(root_);
    return Step::reply;
  }
  if (waits_for_too_much()) return fail("a reply has more bytes than ReplyLimits::bytes");
  return Step::need_more;
}

/// hiredis keeps what is incomplete, however much of it comes.
bool ReplyReader::waits_for_too_much() const noexcept {
  auto const waiting = reader_->len - reader_->pos;
  if (waiting <= most_of_a_line) return false;
  // The head of a string ends early; other lines are nothing else.
  auto const is_line = std::memchr(reader_->buf + reader_->pos, '\n', most_of_a_line) == nullptr;
  return is_line || waiting > limits_.bytes + most_of_a_line;
}

ReplyReader::Step ReplyReader::fail(std::string_view why) {
  error_ = why;
  if (error_.empty()) error_ = "not a reply";
  root_ = Reply();
  return Step::malformed;
}

}}}  // namespace aerie::v1::redis

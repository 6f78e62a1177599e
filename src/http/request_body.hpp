#pragma once

#include "http/chunked_decoder.hpp"
#include "http/header_facts.hpp"
#include "http/request_error.hpp"

#include <aerie/core/account.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// The body of one request on its way in: how much is still to come, and what has come if somebody wants it.
class RequestBody {
 public:
  enum class Status : std::uint8_t { more, complete, too_large, failed };

  RequestBody() noexcept = default;
  explicit RequestBody(HeaderFacts const& facts) noexcept;

  /// Nothing of it is left to be read.
  bool complete() const noexcept { return !chunked_ && remaining_ == 0; }
  bool begun() const noexcept { return begun_; }
  /// Nothing if it is chunked.
  std::optional<std::uint64_t> length() const noexcept;

  /// The whole body if it stands at the front of `input`, from which it is then taken: no copy is made.
  std::optional<std::string_view> take_whole(std::string_view& input) noexcept;

  /// From now on what is collected is charged to `account`.
  void charge_to(core::Account& account) noexcept { charge_ = core::Charge(account, 0); }
  /// Takes what belongs to the body from the front of `input` and keeps it, up to `limit` bytes in all.
  Status collect(std::string_view& input, std::size_t limit);
  /// Takes it and drops it.
  Status skip(std::string_view& input) noexcept;
  std::string take_collected() noexcept { return std::move(collected_); }  // the charge goes with the object

  /// Why it failed.
  RequestError error() const noexcept { return decoder_.error(); }

 private:
  template <class Sink>
  Status take(std::string_view& input, Sink&& sink);

  std::uint64_t remaining_ = 0;
  ChunkedDecoder decoder_;
  bool chunked_ = false;
  bool begun_ = false;
  std::string collected_;
  core::Charge charge_;
};

}}}  // namespace aerie::v1::http

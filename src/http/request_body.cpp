#include "http/request_body.hpp"

#include <algorithm>

namespace aerie { inline namespace v1 { namespace http {

RequestBody::RequestBody(HeaderFacts const& facts) noexcept
    : remaining_(facts.chunked() ? 0 : facts.content_length()), chunked_(facts.chunked()) {}

std::optional<std::uint64_t> RequestBody::length() const noexcept {
  if (chunked_) return std::nullopt;
  return remaining_ + collected_.size();
}

std::optional<std::string_view> RequestBody::take_whole(std::string_view& input) noexcept {
  if (chunked_ || begun_ || remaining_ > input.size()) return std::nullopt;
  auto const whole = input.substr(0, static_cast<std::size_t>(remaining_));
  input.remove_prefix(whole.size());
  remaining_ = 0;
  return whole;
}

template <class Sink>
RequestBody::Status RequestBody::take(std::string_view& input, Sink&& sink) {
  begun_ = begun_ || !input.empty();
  if (!chunked_) {
    auto const part =
        input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size())));
    input.remove_prefix(part.size());
    remaining_ -= part.size();
    if (!sink(part)) return Status::too_large;
    return remaining_ == 0 ? Status::complete : Status::more;
  }
  while (true) {
    auto const step = decoder_.next(input);
    switch (step.status) {
      case ChunkedDecoder::Status::data:
        if (!sink(step.data)) return Status::too_large;
        break;
      case ChunkedDecoder::Status::more:
        return Status::more;
      case ChunkedDecoder::Status::failed:
        return Status::failed;
      case ChunkedDecoder::Status::done:
        chunked_ = false;
        return Status::complete;
    }
  }
}

RequestBody::Status RequestBody::collect(std::string_view& input, std::size_t limit) {
  auto const status = take(input, [&](std::string_view part) {
    if (part.size() > limit - collected_.size()) return false;
    // Grows with what arrives: a length that was only announced reserves nothing.
    collected_.append(part);
    return true;
  });
  charge_.resize(collected_.capacity());
  return status;
}

RequestBody::Status RequestBody::skip(std::string_view& input) noexcept {
  return take(input, [](std::string_view) { return true; });
}

}}}  // namespace aerie::v1::http

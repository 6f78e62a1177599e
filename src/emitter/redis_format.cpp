#include <aerie/emitter/redis_format.hpp>

#include <cstddef>
#include <initializer_list>

namespace aerie { inline namespace v1 { namespace emitter {

namespace {

std::string join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (auto const part : parts)
    size += part.size();
  std::string joined;
  joined.reserve(size);
  for (auto const part : parts)
    joined += part;
  return joined;
}

}  // namespace

std::string broadcast_channel(std::string_view key, std::string_view nsp) {
  return join({key, "#", nsp, "#"});
}

std::string broadcast_channel(std::string_view key, std::string_view nsp,
                              std::span<std::string const> rooms) {
  return rooms.size() == 1 ? join({key, "#", nsp, "#", rooms.front(), "#"}) : broadcast_channel(key, nsp);
}

std::string request_channel(std::string_view key, std::string_view nsp) {
  return join({key, "-request#", nsp, "#"});
}

std::string response_channel(std::string_view key, std::string_view nsp) {
  return join({key, "-response#", nsp, "#"});
}

void write_texts(Encoder& encoder, std::span<std::string const> texts) {
  encoder.begin_array(texts.size());
  for (auto const& text : texts)
    encoder.string(text);
  encoder.end_array();
}

void write_flags(Encoder& encoder, Flags const& flags) {
  encoder.begin_object(std::size_t{flags.expect_single_response} + std::size_t{flags.is_volatile} +
                       std::size_t{flags.compress.has_value()} + std::size_t{flags.timeout.has_value()});
  if (flags.expect_single_response) {
    encoder.key("expectSingleResponse");
    encoder.boolean(true);
  }
  if (flags.is_volatile) {
    encoder.key("volatile");
    encoder.boolean(true);
  }
  if (flags.compress) {
    encoder.key("compress");
    encoder.boolean(*flags.compress);
  }
  if (flags.timeout) {
    encoder.key("timeout");
    encoder.integer(flags.timeout->count());
  }
  encoder.end_object();
}

}}}  // namespace aerie::v1::emitter

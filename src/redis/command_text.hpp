#pragma once

#include <span>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace redis {

/// Appends a command as a server reads it: an array of strings of RESP.
inline void append_command(std::string& out, std::span<std::string_view const> args) {
  auto const number = [&out](char mark, std::size_t value) {
    out += mark;
    out += std::to_string(value);
    out += "\r\n";
  };
  std::size_t size = 16;
  for (auto const arg : args)
    size += arg.size() + 16;
  if (out.capacity() - out.size() < size) out.reserve(out.size() + size);
  number('*', args.size());
  for (auto const arg : args) {
    number('$', arg.size());
    out += arg;
    out += "\r\n";
  }
}

}}}  // namespace aerie::v1::redis

/// \file
/// Fuzz target: the body of a form with files. Its first bytes are limits. Parts have to stand in the body
/// one behind the other, within their limits, and what is written of them has to be read as the same parts.
/// `script/fuzz multipart` runs it.

#include "fuzz/require.hpp"

#include <aerie/http/multipart.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace aerie::http;
using aerie::fuzz::require;

constexpr std::string_view boundary = "b";

std::string escaped(std::string const& name) {
  std::string text;
  for (char const c : name)
    text += c == '"' ? "%22" : c == '\r' ? "%0D" : c == '\n' ? "%0A" : c == '\\' ? "\\\\" : std::string(1, c);
  return text;
}

/// A name that a `filename*` may have, and that means something else where it is written plainly.
bool looks_escaped(std::string const& name) {
  return std::ranges::any_of(std::array{"%22", "%0D", "%0A"},
                             [&](char const* escape) { return name.find(escape) != name.npos; });
}

void check_again(MultipartForm const& form) {
  for (auto const& part : form.parts) {
    if (part.file_name && looks_escaped(*part.file_name)) return;
  }
  std::string body;
  for (auto const& part : form.parts) {
    body += "--b\r\nContent-Disposition: form-data; name=\"" + escaped(part.name) + "\"";
    if (part.file_name) body += "; filename=\"" + escaped(*part.file_name) + "\"";
    if (!part.type.empty()) body += "\r\nContent-Type: " + part.type;
    body.append("\r\n\r\n").append(part.content).append("\r\n");
  }
  body += "--b--\r\n";
  // Escaping may make a header longer than it was.
  auto const again = read_multipart(body, boundary, {.max_header_bytes = body.size()});
  require(!again.error && again.parts.size() == form.parts.size());
  for (std::size_t i = 0; i < form.parts.size(); ++i) {
    require(again.parts[i].name == form.parts[i].name && again.parts[i].content == form.parts[i].content);
    require(again.parts[i].file_name == form.parts[i].file_name);
  }
}

void check(std::string_view input) {
  if (input.size() < 3) return;
  auto const at = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(input[i]));
  };
  MultipartLimits limits;
  limits.max_files = at(0) % 4;
  limits.max_file_bytes = at(1);
  limits.max_fields = at(2) % 8;
  auto const body = input.substr(3);
  auto const form = read_multipart(body, boundary, limits);
  if (form.error)
    return require(form.parts.empty() && form.error->status >= 400 && !form.error->message.empty());
  std::size_t files = 0;
  auto const* behind = body.data();
  for (auto const& part : form.parts) {
    require(part.content.data() >= behind &&
            part.content.data() + part.content.size() <= body.data() + body.size());
    behind = part.content.data() + part.content.size();
    require(part.name.size() <= limits.max_name_bytes);
    if (part.file_name) {
      ++files;
      require(part.content.size() <= limits.max_file_bytes);
      require(part.file_name->find('/') == std::string::npos && *part.file_name != "..");
    }
  }
  require(files <= limits.max_files && form.parts.size() - files <= limits.max_fields);
  check_again(form);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const input(reinterpret_cast<char const*>(data), size);
  static_cast<void>(multipart_boundary(input));
  check(input);
  return 0;
}

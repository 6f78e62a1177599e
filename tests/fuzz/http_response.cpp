/// \file
/// Fuzz target: bytes from a server, read as responses in one piece and in pieces of the sizes that the input
/// names, are the same responses, within the limits. `script/fuzz http_response` runs it.

#include "fuzz/require.hpp"

#include <aerie/http/response_decoder.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace aerie;
using namespace aerie::http;
using aerie::fuzz::require;

constexpr ResponseLimits limits{.max_head_bytes = 256, .max_header_lines = 6, .max_body_bytes = 64};

void append_head(std::string& seen, ResponseHead const& head) {
  require(head.status >= 100 && head.status <= 999);
  require(head.headers.size() <= limits.max_header_lines);
  seen += std::to_string(head.status) + (head.keep_alive ? " keep" : " close") +
          std::to_string(head.version_minor);
  for (auto const& [name, value] : head.headers) {
    require(!head.header(name).empty() || head.header(name).data() != nullptr);
    seen.append("\n").append(name).append("=").append(value);
  }
  seen += '\n';
}

/// All that a client sees.
std::string read(std::string_view bytes, std::string_view sizes, bool to_head_request) {
  ResponseDecoder decoder(limits);
  decoder.begin(to_head_request);
  std::string seen;
  // Of a response that fails, how much is handed out before depends on how it came.
  std::string body;
  std::size_t responses = 0;
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    auto const wanted =
        sizes.empty() ? bytes.size() : 1U + static_cast<unsigned char>(sizes[i % sizes.size()]) % 32U;
    auto piece = bytes.substr(0, wanted);
    bytes.remove_prefix(piece.size());
    while (true) {
      auto const before = piece.size();
      auto const step = decoder.next(piece);
      require(piece.size() <= before);
      using Status = ResponseDecoder::Status;
      if (step.status == Status::more) {
        require(piece.empty());
        break;
      }
      if (step.status == Status::head) append_head(seen, decoder.head());
      if (step.status == Status::data) {
        require(!step.data.empty());
        body += step.data;
        require(body.size() <= limits.max_body_bytes);
      }
      if (step.status == Status::failed) {
        require(!decoder.error().empty());
        return seen.append("\nfailed: the response ").append(decoder.error());
      }
      if (step.status == Status::complete) {
        seen.append(body).append("\ncomplete\n");
        // Nothing that follows is a response.
        if (!decoder.head().keep_alive || decoder.head().status == 101) return seen;
        require(++responses <= 4096);
        body.clear();
        decoder.begin(to_head_request);
      }
    }
  }
  if (decoder.begun()) seen += decoder.end_of_input() ? "\nended\n" : "\ncut off\n";
  return seen + body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 3) return 0;
  std::string_view const all(reinterpret_cast<char const*>(data), size);
  auto const is_head = (data[0] & 1U) != 0;
  require(read(all.substr(3), {}, is_head) == read(all.substr(3), all.substr(0, 3), is_head));
  return 0;
}

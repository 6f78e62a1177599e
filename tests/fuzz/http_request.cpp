/// \file
/// Fuzz target: bytes from a client, sent to a whole HTTP server in one piece and in pieces of the sizes that
/// the input names, have to give the same answers. `script/fuzz http_request` runs it.

#include <aerie/core/memory_stream.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/http/server.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace aerie;
using namespace aerie::http;

/// A head is the same if its text stands alone.
void require_the_same_as_text(RequestHead const& head) {
  if (head.has("host") != (head.header("host").data() != nullptr)) std::abort();
  static_cast<void>(list_has_token(head.header("connection"), "upgrade"));
  if (head.host().size() > 512 || head.cookie("a").value_or("").size() > 512) std::abort();
}

/// Answers with all it has understood.
class Echo : public Service, public ExchangeOwner {
 public:
  void begin(Exchange& exchange) override {
    require_the_same_as_text(exchange.head());
    if (exchange.head().path() == "/ignored") {
      exchange.respond(200, "", "ignored");
    } else {
      exchange.read_body(*this, 64);
    }
  }
  void on_body(Exchange& exchange, std::string_view body) override {
    auto const& head = exchange.head();
    std::string seen = std::string(head.method()).append(" ").append(head.target());
    head.each_header([&](std::string_view name, std::string_view value) {
      if (head.header(name).data() == nullptr) std::abort();
      seen.append("\n").append(name).append("=").append(value);
    });
    for (auto const name : {"a", "sid"})
      seen.append("\n").append(query_parameter(head.query(), name).value_or("-"));
    exchange.respond(200, "", seen.append("\n").append(body));
  }
  void on_aborted(Exchange&) override {}
};

std::string answers(std::string_view bytes, std::string_view sizes) {
  core::ManualClock clock;
  Runtime runtime({.log_sink = nullptr, .clock = &clock});
  Echo echo;
  Server server(runtime, {.max_head_bytes = 512, .max_header_lines = 8});
  server.mount("/", echo);
  auto& shard = runtime.shard(0);
  auto pair = core::memory_pair(shard);
  server.serve(std::move(pair.server));
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    auto const wanted =
        sizes.empty() ? bytes.size() : 1u + static_cast<unsigned char>(sizes[i % sizes.size()]);
    auto const piece = bytes.substr(0, wanted);
    pair.client.write(piece);
    bytes.remove_prefix(piece.size());
    shard.run_ready();
  }
  // Whoever has not said all is told so in the end.
  for (int i = 0; i < 3; ++i) {
    clock.advance(std::chrono::minutes(2));
    shard.run_ready();
  }
  auto text = pair.client.take();
  // Whether a client is invited to send its body depends on whether it has waited.
  constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
  for (auto at = text.find(invitation); at != text.npos; at = text.find(invitation))
    text.erase(at, invitation.size());
  return text.append(pair.client.ended() ? " ended" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size < 3) return 0;
  std::string_view const all(reinterpret_cast<char const*>(data), size);
  if (auto const head = RequestHead::parse(all.substr(3)); head && head->method().empty()) std::abort();
  if (answers(all.substr(3), {}) != answers(all.substr(3), all.substr(0, 3))) std::abort();
  return 0;
}

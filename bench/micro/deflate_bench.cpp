// What it costs to compress the generator's prose for one connection that keeps its context, as in the case
// deflate-fanout: prints CPU time per KiB, the bytes of a message, and how many it would have if it began
// with an empty window, for messages of 1, 8 and 16 KiB, and all at once.
//
//     deflate_bench [LEVEL [MEM_LEVEL]]    with Aerie's defaults, or these of zlib's settings
//     deflate_bench --prose                writes the prose instead: bench/micro/deflate_bench.mjs reads it
#include "load/prose.hpp"

#include <aerie/websocket/deflate_contexts.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t texts = 256;
constexpr std::size_t text_size = 16 * 1024;

double cpu_micros() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// The bytes of all of them, each compressed by itself.
std::size_t bytes_alone(std::string_view prose, std::size_t size, std::size_t step,
                        aerie::websocket::DeflateOptions const& options) {
  std::string out;
  for (std::size_t at = 0; at < prose.size(); at += step) {
    auto const context = aerie::websocket::make_deflate_context(options.server_max_window_bits, options);
    aerie::websocket::append_compressed(*context, prose.substr(at, size), out);
  }
  return out.size();
}

/// Beginnings of as many texts as there are.
void measure(std::string_view prose, std::size_t size, std::size_t step,
             aerie::websocket::DeflateOptions const& options) {
  auto const messages = prose.size() / step;
  std::array<double, 7> micros{};
  std::size_t bytes = 0;
  std::string out;
  for (auto& per_kib : micros) {
    auto const context = aerie::websocket::make_deflate_context(options.server_max_window_bits, options);
    bytes = 0;
    auto const begin = cpu_micros();
    for (std::size_t number = 0; number < messages; ++number) {
      out.clear();
      aerie::websocket::append_compressed(*context, prose.substr(number * step, size), out);
      bytes += out.size();
    }
    per_kib = (cpu_micros() - begin) * 1024 / static_cast<double>(messages * size);
  }
  std::ranges::sort(micros);
  std::printf("%8zu B: %.1f us of CPU per KiB (%.1f to %.1f), %zu B compressed, %zu B alone\n", size,
              micros[3], micros[0], micros[6], bytes / messages,
              bytes_alone(prose, size, step, options) / messages);
}

}  // namespace

int main(int argc, char** argv) {
  std::string prose;
  for (std::size_t number = 0; number < texts; ++number)
    prose += load::prose(text_size, number);
  if (argc > 1 && std::string_view(argv[1]) == "--prose") {
    std::fwrite(prose.data(), 1, prose.size(), stdout);
    return 0;
  }
  aerie::websocket::DeflateOptions options;
  if (argc > 1) options.level = std::stoi(argv[1]);
  if (argc > 2) options.mem_level = std::stoi(argv[2]);
  measure(prose, text_size / 16, text_size, options);
  measure(prose, text_size / 2, text_size, options);
  measure(prose, text_size, text_size, options);
  measure(prose, prose.size(), prose.size(), options);
}

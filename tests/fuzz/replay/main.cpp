/// \file
/// Plays the kept inputs of all fuzz targets: `fuzz_replay CORPUS`, where CORPUS/<target> are the folders. An
/// input that fails ends the program, as it does in libFuzzer; its name is the last that was printed.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

using Run = int(std::uint8_t const* data, std::size_t size);

extern "C" {
Run fuzz_client;
Run fuzz_cluster_message;
Run fuzz_deflate;
Run fuzz_engineio_payload;
Run fuzz_engineio_payload_v3;
Run fuzz_http_request;
Run fuzz_http_response;
Run fuzz_json;
Run fuzz_jwt;
Run fuzz_msgpack;
Run fuzz_msgpack_packet;
Run fuzz_multipart;
Run fuzz_redis_replies;
Run fuzz_socketio_packet;
Run fuzz_websocket_frames;
Run fuzz_ws_message;
}

namespace {

struct Target {
  std::string_view name;
  Run* run;
};

constexpr Target targets[] = {{"client", fuzz_client},
                              {"cluster_message", fuzz_cluster_message},
                              {"deflate", fuzz_deflate},
                              {"engineio_payload", fuzz_engineio_payload},
                              {"engineio_payload_v3", fuzz_engineio_payload_v3},
                              {"http_request", fuzz_http_request},
                              {"http_response", fuzz_http_response},
                              {"json", fuzz_json},
                              {"jwt", fuzz_jwt},
                              {"msgpack", fuzz_msgpack},
                              {"msgpack_packet", fuzz_msgpack_packet},
                              {"multipart", fuzz_multipart},
                              {"redis_replies", fuzz_redis_replies},
                              {"socketio_packet", fuzz_socketio_packet},
                              {"websocket_frames", fuzz_websocket_frames},
                              {"ws_message", fuzz_ws_message}};

/// The bytes of a file in memory of their own size, so that AddressSanitizer sees who reads on.
std::vector<std::uint8_t> content_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::string const text(std::istreambuf_iterator<char>(in), {});
  return {text.begin(), text.end()};
}

/// How many inputs there were.
std::size_t replay(Target const& target, std::filesystem::path const& folder) {
  std::size_t count = 0;
  for (auto const& entry : std::filesystem::directory_iterator(folder)) {
    std::printf("\r%-20.*s %-44s", static_cast<int>(target.name.size()), target.name.data(),
                entry.path().filename().c_str());
    std::fflush(stdout);
    auto const input = content_of(entry.path());
    target.run(input.data(), input.size());
    ++count;
  }
  std::printf("\r%-20.*s %zu inputs%40s\n", static_cast<int>(target.name.size()), target.name.data(), count,
              "");
  return count;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::fputs("usage: fuzz_replay CORPUS\n", stderr);
    return 2;
  }
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (auto const& target : targets) {
    auto const count = replay(target, std::filesystem::path(argv[1]) / target.name);
    passed += count;
    if (count == 0) ++failed;  // A target without inputs tests nothing.
  }
  std::printf("%zu passed, %zu failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
} catch (std::exception const& error) {
  std::fprintf(stderr, "fuzz_replay: %s\n", error.what());
  return 1;
}

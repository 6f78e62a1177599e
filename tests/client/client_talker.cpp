// What a client in C++ does with a server that speaks tests/conformance/FIXTURE.md:
//
//     client_talker URL polling|websocket|upgrade QUIET
//
// prints a line for each check, and ends with the number of those that have failed. It says nothing for QUIET
// milliseconds, which are to be more than the server's ping interval and timeout.
#include <aerie/client.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using aerie::Bytes;
using aerie::Task;
using aerie::Value;
using aerie::client::Options;
using aerie::client::Socket;
using aerie::client::Transport;

int failed = 0;

void check(bool good, std::string_view what) {
  std::cout << (good ? "ok " : "not ok ") << what << std::endl;
  failed += good ? 0 : 1;
}

/// The server's commands are answered {"ok": value}, or {"error": message}.
Value command(std::initializer_list<Value::Member> members) {
  return Value::object(members);
}

Task<void> values(Socket socket) {
  auto const value = Value::object({{"text", "ü€😀\u2028"}, {"list", Value::array({1, nullptr, true, 1.5})}});
  auto const back = co_await socket.emit_with_ack<Value>("echo", value);
  check(back == value, "a value comes back as it was");
  std::string all;
  for (int i = 0; i < 256; ++i)
    all += static_cast<char>(i);
  auto const bytes = co_await socket.emit_with_ack<Bytes>("echo", Bytes(all));
  check(bytes.view() == all, "bytes come back as they were");
  auto const nothing = co_await socket.emit_with_ack<Bytes>("echo", Bytes());
  check(nothing.empty(), "no bytes come back as none");
  auto const nested = Value::object({{"a", Value::array({Bytes("one"), Bytes("two")})}});
  auto const nested_back = co_await socket.emit_with_ack<Value>("echo", nested);
  check(nested_back == nested, "bytes within other values come back");
  std::string const large(900'000, 'x');
  auto const large_back = co_await socket.emit_with_ack<std::string>("echo", large);
  check(large_back == large, "900 KB come back");
  std::string const large_bytes(600'000, '\xfe');
  auto const large_bytes_back = co_await socket.emit_with_ack<Bytes>("echo", Bytes(large_bytes));
  check(large_bytes_back.view() == large_bytes, "600 KB of bytes come back");
}

Task<void> acknowledgements(Socket socket) {
  auto const twice = co_await socket.emit_with_ack<int>("ack-twice");
  check(twice == 1, "of two acknowledgements the first counts");
  auto reason = std::string();
  try {
    co_await socket.timeout(100ms).emit_with_ack<void>("ack-after", 2000, "late");
  } catch (aerie::AckFailed const& error) {
    reason = error.what();
  }
  check(reason == "operation has timed out", "an acknowledgement that is late has timed out");
  socket.on("question", [](std::string const& text, Bytes const& bytes) {
    return text + " " + std::string(bytes.view());
  });
  auto const ask = command({{"do", "emit"}, {"event", "question"}, {"ack", true}});
  auto const asked = co_await socket.emit_with_ack<Value>("do", ask, "you", Bytes("there"));
  check(asked["ok"]["responses"][0] == Value("you there"), "the server is acknowledged");
}

Task<void> order(Socket socket) {
  std::vector<int> numbers;
  aerie::core::Completion<> all;
  socket.on("count", [&, give = std::make_shared<aerie::core::Completer<void>>(all.completer())](int number) {
    numbers.push_back(number);
    if (number == 499) (*give)();
  });
  socket.emit("count", 500, 100);
  co_await all;
  auto is_sorted = numbers.size() == 500;
  for (std::size_t i = 0; is_sorted && i < numbers.size(); ++i)
    is_sorted = numbers[i] == static_cast<int>(i);
  check(is_sorted, "500 events come in their order");
  socket.off("count");
}

Task<void> run(aerie::Runtime& runtime, aerie::client::Manager& manager, std::chrono::milliseconds quiet) {
  auto const socket = manager.socket();
  try {
    co_await values(socket);
    co_await acknowledgements(socket);
    co_await order(socket);
    co_await aerie::sleep_for(quiet);
    check(socket.connected(), "heartbeats keep the connection");
    auto const custom = manager.socket("/custom");
    custom.connect();
    auto const there = co_await custom.timeout(5s).emit_with_ack<std::string>("echo", "custom");
    check(there == "custom" && !custom.id().empty(), "another namespace shares the connection");
    auto const ask = command({{"do", "info"}});
    auto const info = co_await socket.emit_with_ack<Value>("do", ask);
    std::cout << "transport " << info["ok"]["conn"]["transport"].as_string() << std::endl;
    check(info["ok"]["id"] == Value(socket.id()), "the id is the server's");
  } catch (std::exception const& error) {
    check(false, error.what());
  }
  runtime.stop();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::string const transport(argv[2]);
  Options options;
  if (transport == "polling") options.transports = {Transport::polling};
  if (transport == "websocket") options.transports = {Transport::websocket};
  aerie::Runtime runtime;
  aerie::client::Manager manager(runtime, argv[1], options);
  auto const limit = aerie::after(runtime, 20s, [&] {
    check(false, "the time is over");
    runtime.stop();
  });
  manager.socket().on("connect_error", [](std::string const& message) { check(false, message); });
  manager.socket().connect();
  std::chrono::milliseconds const quiet(std::stoi(argv[3]));
  manager.spawn(run(runtime, manager, quiet));
  runtime.run();
  return failed;
}

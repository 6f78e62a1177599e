// Two servers of one cluster, here in one process: what is emitted on one reaches the clients of the other.
// They could as well be on two machines, with an adapter for a real broker instead of memory_adapter.hpp.
#include "memory_adapter.hpp"
#include "port.hpp"

#include <aerie/aerie.hpp>

#include <csignal>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

void serve(aerie::Server& io, std::string const& name) {
  io.on("say", [&io](std::string const& text) { io.emit("said", text); });

  // What cannot be known is said: servers that have not answered are missing.
  io.on("census", [&io](aerie::Socket&) -> aerie::Task<std::size_t> {
    auto const found = co_await io.timeout(1s).fetch_sockets();
    if (!found.complete()) std::cout << found.missing().count << " servers have not answered" << std::endl;
    co_return found.size();
  });
  io.on("ask", [&io](aerie::Socket&) -> aerie::Task<std::vector<aerie::Value>> {
    auto const reply = co_await io.timeout(1s).emit_with_ack("who are you?");
    if (!reply.ok()) std::cout << to_string(reply.error) << std::endl;
    co_return reply.responses;
  });

  // Servers among themselves: to the others, never to the one that emits.
  io.on_server_side("name?", [name] { return name; });
  io.on("others", [&io](aerie::Socket&) -> aerie::Task<std::vector<aerie::Value>> {
    auto const reply = co_await io.server_side_emit_with_ack("name?");
    co_return reply.responses;
  });
}

}  // namespace

int main(int argc, char** argv) {
  MemoryBroker broker;
  aerie::Runtime runtime;
  aerie::ServerOptions options;
  options.adapter = memory_adapter(broker);
  aerie::Server one(runtime, options);
  aerie::Server two(runtime, options);
  serve(one, "one");
  serve(two, "two");
  one.listen(example::port(argc, argv));
  two.listen(0);
  std::cout << "listening on ports " << one.port() << " and " << two.port() << std::endl;
  runtime.on_signal({SIGINT, SIGTERM}, [&](int) { one.close([&] { two.close([&] { runtime.stop(); }); }); });
  runtime.run();
}

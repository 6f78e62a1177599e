#include "lab/pipes.hpp"

#include <algorithm>

namespace reference::lab {

namespace {

struct UpperPipe {
  aerie::Value transform(aerie::Value const& value) {
    if (!value.is_string()) return value;
    std::string text(value.as_string());
    std::ranges::transform(text, text.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
  }
};

struct ThrowPipe {
  aerie::Value transform(aerie::Value const&) { throw aerie::WsException("pipe says no"); }
};

}  // namespace

void Pipes::describe(aerie::Gateway<Pipes>& g) {
  g.at("/lab");
  g.on<&Pipes::text>("pipe:upper").use<UpperPipe>();
  g.on<&Pipes::in_order>("pipe:order").use<AppendPipe>("1").use<AppendPipe>("2");
  g.on<&Pipes::beside_the_socket>("pipe:plain").use<UpperPipe>();
  g.on<&Pipes::text>("pipe:throw").use<ThrowPipe>();
}

std::string Pipes::text(std::string const& payload) {
  return payload;
}

aerie::Value Pipes::in_order(aerie::Payload<std::string, Append<"3">, Append<"4">> payload) {
  return payload.plain();
}

aerie::Value Pipes::beside_the_socket(aerie::Socket& socket, aerie::Value const& payload) {
  return aerie::Value::array({payload, socket.nsp().name()});
}

}  // namespace reference::lab

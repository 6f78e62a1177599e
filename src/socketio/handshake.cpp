#include "socketio/auth.hpp"

#include <aerie/core/log.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/handshake.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <new>
#include <utility>

namespace aerie { inline namespace v1 {

namespace {

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

/// As JavaScript's `String(new Date())` in a machine that runs on UTC.
std::string date_text(core::WallTime time) {
  auto const seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  auto const size = std::strftime(text.data(), text.size(),
                                  "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)", &utc);
  return {text.data(), size};
}

}  // namespace

Handshake::Handshake(http::RequestHead request, core::Endpoint peer, bool secure, core::WallTime issued,
                     std::string_view auth)
    : facts_(::new (::operator new(sizeof(Facts) + auth.size()))
                 Facts{.auth_size = static_cast<std::uint32_t>(auth.size()) & 0x7fff'ffffU,
                       .secure = secure,
                       .request = std::move(request),
                       .issued = issued,
                       .peer = std::move(peer)}) {
  std::copy(auth.begin(), auth.end(), reinterpret_cast<char*>(facts_ + 1));
}

Handshake::~Handshake() {
  if (facts_ == nullptr || facts_->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  facts_->~Facts();
  ::operator delete(facts_);
}

std::string_view Handshake::auth_as_it_came() const noexcept {
  return {reinterpret_cast<char const*>(facts_ + 1), facts_->auth_size};
}

Value Handshake::auth() const {
  Value value;
  read_auth(type_ops<Value>, &value);
  return value;
}

void Handshake::read_auth(TypeOps const& ops, void* value) const {
  auto const auth = auth_as_it_came();
  auto const result = socketio::read_auth(auth.empty() ? std::string_view("{}") : auth, ops, value);
  if (!result) throw BadArguments("auth: " + result.error().to_string());
}

std::optional<std::string> Handshake::auth_text(std::string_view name) const {
  auto const all = auth();
  auto const text = all[name].get_if<std::string_view>();
  if (!text) return std::nullopt;
  return std::string(*text);
}

Object Handshake::headers() const {
  Object result;
  request().each_header([&](std::string_view name, std::string_view value) {
    auto const key = lower_case(name);
    if (key != "set-cookie") {
      result.set(key, Value(value));
      return;
    }
    // The one header that is a list in Node.
    auto const& present = result[key];
    auto lines = present.is_array() ? present.as_array() : Array{};
    lines.emplace_back(value);
    result.set(key, Value(std::move(lines)));
  });
  return result;
}

Object Handshake::query() const {
  Object result;
  http::each_parameter(request().query(), [&](std::string const& name, std::string const& value) {
    result.set(name, Value(value));
  });
  return result;
}

Value Handshake::to_value() const {
  Object result;
  result.set("headers", Value(headers()));
  result.set("time", Value(date_text(issued())));
  result.set("address", Value(address()));
  result.set("xdomain", Value(cross_domain()));
  result.set("secure", Value(secure()));
  auto const since_epoch = issued().time_since_epoch();
  result.set("issued", Value(std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()));
  result.set("url", Value(url()));
  result.set("query", Value(query()));
  result.set("auth", auth());
  return Value(std::move(result));
}

}}  // namespace aerie::v1

#include "client/transport.hpp"

#include "client/cookie_jar.hpp"
#include "client/dialer.hpp"

#include <aerie/core/hex.hpp>
#include <aerie/http/query.hpp>

#include <array>

namespace aerie { inline namespace v1 { namespace client {

TransportSettings::TransportSettings(core::Shard& on, std::unique_ptr<Dialer> by, Options with)
    : shard(on),
      options(std::move(with)),
      dialer(std::move(by)),
      cookies(options.with_credentials ? std::make_unique<CookieJar>() : nullptr),
      random(std::make_unique<core::IdSource>(0)) {}

TransportSettings::~TransportSettings() = default;

std::string ClientTransport::target() const {
  auto const& options = settings_->options;
  auto path = options.path;
  while (!path.empty() && path.back() == '/')
    path.pop_back();
  if (!path.starts_with('/')) path.insert(path.begin(), '/');
  if (options.add_trailing_slash && path != "/") path += '/';
  auto query = settings_->query;
  http::append_parameter(query, "EIO", "4");
  http::append_parameter(query, "transport", to_string(kind()));
  if (kind() == Transport::polling && options.timestamp_requests) {
    std::array<char, 8> random;
    settings_->random->random(random.data(), random.size());
    http::append_parameter(query, options.timestamp_param, core::hex({random.data(), random.size()}));
  }
  if (options.force_base64) http::append_parameter(query, "b64", "1");
  if (!sid_.empty()) http::append_parameter(query, "sid", sid_);
  return path + '?' + query;
}

}}}  // namespace aerie::v1::client

#pragma once

/// \file
/// Which events a server takes, if it serves its contract: docs/contracts.md.

#include <aerie/core/connector.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/http/response_decoder.hpp>
#include <aerie/schema/value.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::cli {

/// The names of what clients may send in a namespace, out of an AsyncAPI document; none if it is something
/// else.
std::vector<std::string> offered_events(Value const& document, std::string_view nsp);

/// Asks a server without TLS for its document. Belongs to the shard; destroying it gives it up. A server that
/// has none, or says anything else, is none that is asked again: nobody is called.
class ContractReader final : private core::StreamHandler {
 public:
  using Found = std::function<void(Value const& document)>;

  ContractReader(core::Shard& shard, Found found);
  ~ContractReader() override;

  void ask(std::string const& host, std::uint16_t port, std::string const& path);

 private:
  void on_data(std::span<char> bytes) override;
  void on_closed(std::error_code) override { drop(); }
  void on_overflow() override { drop(); }
  void drop() noexcept;

  core::Shard& shard_;
  Found found_;
  core::Connector connector_;
  std::unique_ptr<core::Stream> stream_;
  http::ResponseDecoder decoder_;
  std::string body_;
};

}  // namespace aerie::cli

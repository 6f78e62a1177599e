#pragma once

#include <aerie/core/shard.hpp>
#include <aerie/http/exchange.hpp>

#include <memory>
#include <optional>

namespace aerie { inline namespace v1 { namespace http {

/// An upgrade request that no service wants: it gets no answer and its connection is closed after a
/// while, if there is a timeout.
class UnwantedUpgrade final : public ExchangeOwner, public core::Adopted {
 public:
  static void begin(Exchange& exchange, std::optional<core::Milliseconds> timeout) {
    auto made = std::make_unique<UnwantedUpgrade>(exchange);
    auto& upgrade = *made;
    upgrade.shard_.adopt(std::move(made));
    if (timeout) upgrade.shard_.start(upgrade.deadline_, *timeout);
    exchange.hold(upgrade);
  }

  explicit UnwantedUpgrade(Exchange& exchange) noexcept : shard_(exchange.shard()), exchange_(exchange) {}

  void on_aborted(Exchange&) override { shard_.dismiss(*this); }
  bool answers_after_end() const noexcept override { return false; }

 private:
  void on_deadline() {
    exchange_.drop();
    shard_.dismiss(*this);
  }

  core::Shard& shard_;
  Exchange exchange_;
  core::Timer deadline_ = core::Timer::calling<&UnwantedUpgrade::on_deadline>(this);
};

}}}  // namespace aerie::v1::http

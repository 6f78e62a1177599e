#pragma once

#include <aerie/core/completion.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/http/response.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// An answer whose body is made while it is sent: asks for the next part when the peer has room for it.
/// Belongs to whoever owns the exchange, on its shard.
class StreamedAnswer {
 public:
  StreamedAnswer(core::Shard& shard, Exchange const& exchange, std::shared_ptr<BodyStream> body);
  ~StreamedAnswer() { timer_.cancel(); }

  /// Sends all of it. Throws what the making of it throws. To be cancelled when the peer has left.
  Task<void> send(ExchangeOwner& owner, int status, std::string header_lines);
  /// The peer has room.
  void on_room();
  /// Something is on its way already: there can be no other answer.
  bool begun() const noexcept { return begun_; }
  /// It ends only with its client, or with the server.
  bool is_endless() const noexcept { return body_->is_endless; }

 private:
  bool begin(ExchangeOwner& owner, int status, std::string_view header_lines);
  void on_timer();
  void keep_alive_later();

  core::Shard& shard_;
  Exchange exchange_;
  std::shared_ptr<BodyStream> body_;
  std::optional<core::Completer<void>> room_;
  core::Timer timer_ = core::Timer::calling<&StreamedAnswer::on_timer>(this);
  bool begun_ = false;
};

}}}  // namespace aerie::v1::http

#pragma once

#include <aerie/http/exchange.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// A connection as the handles of its present request see it: what `Exchange` says, which says it better.
/// When the request is over it cuts its handles, so that none of them reaches the next one.
class OpenExchange {
 public:
  OpenExchange(OpenExchange const&) = delete;
  OpenExchange& operator=(OpenExchange const&) = delete;

  RequestHead const& head() const noexcept { return head_; }
  virtual core::Shard& shard() const noexcept = 0;
  virtual core::Endpoint peer() const = 0;
  virtual bool secure() const noexcept = 0;
  virtual std::optional<std::uint64_t> content_length() const noexcept = 0;
  virtual void read_body(ExchangeOwner& owner, std::size_t limit) = 0;
  virtual void hold(ExchangeOwner& owner) = 0;
  virtual void respond(int status, std::string_view header_lines,
                       std::span<std::string_view const> parts) = 0;
  virtual void respond_in_chunks(int status, std::string_view header_lines, std::string_view body) = 0;
  virtual bool begin_answer(ExchangeOwner& owner, int status, std::string_view header_lines,
                            std::optional<std::uint64_t> length) = 0;
  virtual bool write_part(std::string_view part) = 0;
  virtual void end_answer() = 0;
  virtual void respond_and_close(int status, std::string_view header_lines, std::string_view body) = 0;
  virtual void drop() = 0;
  virtual std::unique_ptr<core::Stream> take_over(std::string& already_read) = 0;
  virtual void continue_on(core::Shard& shard) = 0;

 protected:
  OpenExchange() noexcept = default;
  virtual ~OpenExchange() { cut_handles(); }

  Exchange handle() noexcept { return Exchange(this); }
  /// The request is over.
  void cut_handles() noexcept {
    while (handles_ != nullptr)
      handles_->let_go();
  }

  RequestHead head_;

 private:
  friend class Exchange;
  Exchange* handles_ = nullptr;  // the first one
};

}}}  // namespace aerie::v1::http

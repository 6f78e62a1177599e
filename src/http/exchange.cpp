#include "http/open_exchange.hpp"

#include <aerie/core/immortal.hpp>
#include <aerie/core/log.hpp>
#include <aerie/http/exchange.hpp>

#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

void ExchangeOwner::on_body(Exchange& exchange, std::string_view) {
  exchange.respond(500, "", std::string_view{});
}

void ExchangeOwner::on_body_too_large(Exchange& exchange) {
  exchange.respond_and_close(413, "", "");
}

void Exchange::refer_to(OpenExchange* open) noexcept {
  open_ = open;
  if (open == nullptr) return;
  place_ = &open->handles_;
  next_ = std::exchange(open->handles_, this);
  if (next_ != nullptr) next_->place_ = &next_;
}

void Exchange::let_go() noexcept {
  if (std::exchange(open_, nullptr) == nullptr) return;
  *place_ = next_;
  if (next_ != nullptr) next_->place_ = place_;
}

Exchange& Exchange::operator=(Exchange const& other) noexcept {
  if (open_ == other.open_) return *this;
  let_go();
  refer_to(other.open_);
  return *this;
}

RequestHead const& Exchange::head() const noexcept {
  static core::Immortal<RequestHead> const nothing;
  return open_ != nullptr ? open_->head() : *nothing;
}

core::Shard& Exchange::shard() const noexcept {
  return open_->shard();
}

core::Endpoint Exchange::peer() const {
  return open_ != nullptr ? open_->peer() : core::Endpoint{};
}

bool Exchange::secure() const noexcept {
  return open_ != nullptr && open_->secure();
}

std::optional<std::uint64_t> Exchange::content_length() const noexcept {
  return open_ != nullptr ? open_->content_length() : 0;
}

void Exchange::read_body(ExchangeOwner& owner, std::size_t limit) {
  if (open_ == nullptr) return owner.on_aborted(*this);
  open_->read_body(owner, limit);
}

void Exchange::hold(ExchangeOwner& owner) {
  if (open_ == nullptr) return owner.on_aborted(*this);
  open_->hold(owner);
}

void Exchange::respond(int status, std::string_view header_lines, std::span<std::string_view const> parts) {
  if (open_ != nullptr) open_->respond(status, header_lines, parts);
}

void Exchange::respond_in_chunks(int status, std::string_view header_lines, std::string_view body) {
  if (open_ != nullptr) open_->respond_in_chunks(status, header_lines, body);
}

bool Exchange::begin_answer(ExchangeOwner& owner, int status, std::string_view header_lines,
                            std::optional<std::uint64_t> length) {
  return open_ != nullptr && open_->begin_answer(owner, status, header_lines, length);
}

bool Exchange::write_part(std::string_view part) {
  return open_ != nullptr && open_->write_part(part);
}

void Exchange::end_answer() {
  if (open_ != nullptr) open_->end_answer();
}

void Exchange::respond_and_close(int status, std::string_view header_lines, std::string_view body) {
  if (open_ != nullptr) open_->respond_and_close(status, header_lines, body);
}

void Exchange::drop() {
  if (open_ != nullptr) open_->drop();
}

std::unique_ptr<core::Stream> Exchange::take_over(std::string& already_read) {
  return open_ != nullptr ? open_->take_over(already_read) : nullptr;
}

void Exchange::continue_on(core::Shard& shard) {
  if (open_ != nullptr) open_->continue_on(shard);
}

void Exchange::respond(Response const& response) {
  respond(response.status, response.header_lines(), response.body);
}

void Exchange::respond_and_close(Response const& response) {
  respond_and_close(response.status, response.header_lines(), response.body);
}

void Exchange::respond_busy(std::string_view header_lines, std::string_view body,
                            std::chrono::seconds retry_after) {
  auto const lines = core::concat(header_lines, "Retry-After: ", std::to_string(retry_after.count()), "\r\n");
  respond_and_close(503, lines, body);
}

}}}  // namespace aerie::v1::http

#pragma once

/// \file
/// An HTTP request on its way through a route.

#include <aerie/gateway/controller.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/http/request.hpp>
#include <aerie/http/response.hpp>

#include <exception>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class HttpContext final : public ExecutionContext {
 public:
  /// `described` and `request` must outlive it.
  HttpContext(Route const& route, ControllerRoute const& described, http::Request const& request,
              core::Shard& shard);
  ~HttpContext() override;

  /// Decodes the body, before anything else. What is wrong with it, or null.
  std::exception_ptr read_body();
  /// To be called once, when the route has run.
  http::Response take_response();

  ContextType type() const noexcept override { return ContextType::http; }
  std::string client_address() const override { return request_.peer.address(); }
  std::optional<std::string> credential(std::string_view name) const override;
  std::optional<std::string> cookie(std::string_view name) const override { return request_.cookie(name); }
  std::vector<std::pair<std::string, std::string>> params() const override { return request_.parameters; }
  http::Request const* find_request() const noexcept override { return &request_; }
  void set_header(std::string_view name, std::string_view value) override;

  core::Shard& shard() const noexcept override { return shard_; }
  Args const& args() const noexcept override { return args_; }
  void deliver(ReplyItem const& item) override;
  void deliver_value(EncodableRef value) override;
  void deliver_event(std::string_view event, EncodableRef data) override;
  void deliver_response(http::Response response) override;
  bool deliver_stream(Generator<ReplyItem>& stream) override;
  void deliver_error(std::exception_ptr const& error) override;
  std::span<http::MultipartPart const> files() const noexcept override { return files_; }

 private:
  Value read_multipart(std::string_view boundary);
  http::Response response_of(std::exception_ptr const& error) const;

  ControllerRoute const& described_;
  http::Request const& request_;
  core::Shard& shard_;
  Args args_;
  http::Response response_;
  bool is_error_ = false;
  bool is_plain_value_ = false;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::vector<http::MultipartPart> files_;
};

/// The answer that an exception stands for.
http::Response to_response(HttpException const& exception);

}}}  // namespace aerie::v1::gateway

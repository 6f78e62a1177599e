#include "gateway/http_context.hpp"

#include "gateway/http_body.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/http/authorization.hpp>

#include <optional>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

int status_of(ControllerRoute const& route) {
  return route.status.value_or(route.method == http::Method::post ? 201 : 200);
}

/// A text is a text: as HTML, which it is in NestJS' Express adapter, whatever of a request comes back in it
/// would be a script of this server's to browsers.
http::Response with_text(int status, std::string text) {
  auto response = http::Response::text(status, std::move(text));
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

/// Objects, arrays and dates are JSON, other values their text.
http::Response with_body(int status, EncodableRef value) {
  if (value.is_undefined()) return http::Response::empty(status);
  auto text = json::stringify(value);
  if (text == "null") return http::Response::empty(status);
  if (!text.starts_with('"')) {
    auto const is_json = text.starts_with('{') || text.starts_with('[');
    return is_json ? http::Response::json(status, std::move(text)) : with_text(status, std::move(text));
  }
  auto const plain = to_value(value);
  if (!plain.is_string()) return http::Response::json(status, std::move(text));
  return with_text(status, std::string(plain.as_string()));
}

/// An item as an event: that of an Event with its name, its data as text or JSON.
http::ServerSentEvent event_of(ReplyItem const& item) {
  http::ServerSentEvent event;
  event.event = item.event();
  auto const& value = item.value();
  if (value.is_string()) {
    event.data = value.as_string();
  } else if (!value.is_undefined()) {
    event.data = json::stringify(value);
  }
  return event;
}

Generator<http::ServerSentEvent> events_of(Generator<ReplyItem> items) {
  while (auto item = co_await items.next()) {
    auto event = event_of(*item);
    co_yield std::move(event);
  }
}

/// What the client of an event stream is told that has failed: as anywhere, the words of exceptions that are
/// meant for it.
std::string words_of(std::exception_ptr const& error) {
  try {
    std::rethrow_exception(error);
  } catch (HttpException const& known) {
    return known.what();
  } catch (WsException const& known) {
    return known.what();
  } catch (...) {
    return {};
  }
}

/// The same with an event `error` in place of an exception, which ends it, as in NestJS.
Generator<std::string> with_errors(Generator<std::string> parts, Runtime& runtime, std::string name) {
  std::exception_ptr error;
  while (!error) {
    std::optional<std::string> part;
    try {
      part = co_await parts.next();
    } catch (Cancelled const&) {
      throw;
    } catch (...) {
      error = std::current_exception();
    }
    if (!error && !part) co_return;
    if (part) co_yield std::move(*part);
  }
  auto words = words_of(error);
  if (words.empty()) {
    runtime.log().error("gateway",
                        core::concat(name, " has failed amid its events: ", core::describe(error)));
    words = "Internal server error";
  }
  std::string text;
  http::ServerSentEvent(std::move(words), "error").append_to(text);
  co_yield std::move(text);
}

}  // namespace

http::Response to_response(HttpException const& exception) {
  return http::Response::json(exception.status(), json::stringify(exception.body()));
}

HttpContext::HttpContext(Route const& route, ControllerRoute const& described, http::Request const& request,
                         core::Shard& shard)
    : ExecutionContext(route),
      described_(described),
      request_(request),
      shard_(shard),
      response_(http::Response::empty(status_of(described))) {}

HttpContext::~HttpContext() = default;

Value HttpContext::read_multipart(std::string_view boundary) {
  if (boundary.empty()) throw BadRequestException("Multipart: Boundary not found");
  auto form = http::read_multipart(request_.body, boundary, *described_.multipart);
  if (form.error) throw HttpException::of(form.error->status, form.error->message);
  Object fields;
  for (auto& part : form.parts) {
    if (part.file_name) {
      files_.push_back(std::move(part));
    } else {
      if (!utf8::is_valid(part.content)) throw BadRequestException("The body is not valid UTF-8");
      add_field(fields, part.name, std::string(part.content));
    }
  }
  return fields;
}

std::exception_ptr HttpContext::read_body() {
  try {
    if (described_.multipart) {
      if (auto const boundary = http::multipart_boundary(request_.header("content-type"))) {
        args_ = Args(std::vector<Value>{read_multipart(*boundary)});
        return nullptr;
      }
    }
    auto body = gateway::read_body(request_);
    if (!body.is_undefined()) args_ = Args(std::vector<Value>{std::move(body)});
    return nullptr;
  } catch (HttpException const&) {
    return std::current_exception();
  }
}

std::optional<std::string> HttpContext::credential(std::string_view) const {
  auto const token = http::bearer_token(request_.header("authorization"));
  return token.empty() ? std::nullopt : std::optional<std::string>(token);
}

void HttpContext::set_header(std::string_view name, std::string_view value) {
  std::string checked;
  http::append_header(checked, name, value);
  headers_.emplace_back(name, value);
}

void HttpContext::deliver(ReplyItem const& item) {
  if (item.is_event()) return deliver_event(item.event(), item.value());
  Value const nothing;
  deliver_value(item.value().is_null() ? nothing : item.value());
}

void HttpContext::deliver_value(EncodableRef value) {
  response_ = with_body(status_of(described_), value);
  is_plain_value_ = true;
  is_error_ = false;
}

void HttpContext::deliver_event(std::string_view event, EncodableRef data) {
  deliver_value(Value::object({{"event", event}, {"data", to_value(data)}}));
}

bool HttpContext::deliver_stream(Generator<ReplyItem>& stream) {
  if (!described_.is_event_stream) return false;
  deliver_response(http::Response::events(events_of(std::move(stream))));
  return true;
}

void HttpContext::deliver_response(http::Response response) {
  response_ = std::move(response);
  if (response_.stream && response_.stream->is_endless) {
    // Its errors come when nobody asks the filters any more.
    auto parts = with_errors(std::move(response_.stream->parts), shard_.runtime(),
                             core::concat(class_name(), ".", handler_name()));
    response_.stream->parts = std::move(parts);
  }
  is_plain_value_ = false;
  is_error_ = false;
}

void HttpContext::deliver_error(std::exception_ptr const& error) {
  response_ = response_of(error);
  is_error_ = true;
}

http::Response HttpContext::response_of(std::exception_ptr const& error) const {
  try {
    std::rethrow_exception(error);
  } catch (HttpException const& known) {
    return to_response(known);
  } catch (BadArguments const& known) {
    return to_response(BadRequestException(Value::array({known.what()})));
  } catch (...) {
    shard_.runtime().log().error(
        "gateway", core::concat(class_name(), ".", handler_name(), " has failed on ", request_.method(), " ",
                                request_.path(), ": ", core::describe(error)));
    return to_response(HttpException(500, "Internal server error"));
  }
}

http::Response HttpContext::take_response() {
  if (!is_error_) {
    // What the handler itself has set counts. Of a value only the type is known, and that may be meant
    // otherwise.
    decltype(described_.headers) added;
    for (auto const& header : described_.headers) {
      if (is_plain_value_ && http::equal_ignoring_case(header.first, "content-type")) {
        response_.set(header.first, header.second);
      } else if (response_.header(header.first).empty()) {
        added.push_back(header);
      }
    }
    response_.headers.insert(response_.headers.end(), added.begin(), added.end());
  }
  for (auto const& [name, value] : headers_)
    response_.set(name, value);
  return std::move(response_);
}

}}}  // namespace aerie::v1::gateway

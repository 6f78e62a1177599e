#include <aerie/core/log.hpp>
#include <aerie/http/exchange.hpp>

#include <string>

namespace aerie { inline namespace v1 { namespace http {

void ExchangeOwner::on_body(Exchange& exchange, std::string_view) {
  exchange.respond(500, "", std::string_view{});
}

void ExchangeOwner::on_body_too_large(Exchange& exchange) {
  exchange.respond_and_close(413, "", "");
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

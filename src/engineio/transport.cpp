#include "engineio/transport.hpp"

#include <aerie/http/exchange.hpp>

namespace aerie { inline namespace v1 { namespace engineio {

void Transport::on_request(http::Exchange& exchange, std::string headers) {
  exchange.respond(400, headers, "");
}

}}}  // namespace aerie::v1::engineio

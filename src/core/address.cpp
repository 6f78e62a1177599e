#include <aerie/core/address.hpp>
#include <aerie/core/log.hpp>

namespace aerie { inline namespace v1 { namespace core {

std::string Address::text() const {
  if (!path.empty()) return concat("unix:", path);
  auto const number = std::to_string(port);
  return host.find(':') == host.npos ? concat(host, ":", number) : concat("[", host, "]:", number);
}

}}}  // namespace aerie::v1::core

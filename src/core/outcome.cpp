#include <aerie/core/outcome.hpp>

namespace aerie { inline namespace v1 { namespace core {

std::string describe(std::exception_ptr const& error) {
  if (!error) return "no error";
  try {
    std::rethrow_exception(error);
  } catch (std::exception const& exception) {
    return exception.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

}}}  // namespace aerie::v1::core

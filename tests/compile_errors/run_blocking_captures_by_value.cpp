// says: aerie: g++ before 13 destroys such a temporary twice where it is awaited
// only with: g++ before 13
#include <aerie/core/run_blocking.hpp>
#include <aerie/core/task.hpp>

#include <string>

aerie::Task<std::size_t> length(std::string id) {
  // coroutine-safe: it does not compile
  co_return co_await aerie::run_blocking([id] { return id.size(); });
}

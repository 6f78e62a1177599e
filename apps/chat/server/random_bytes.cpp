#include "random_bytes.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace chat {

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  if (::getentropy(bytes.data(), bytes.size()) != 0) {
    throw std::system_error(errno, std::system_category(), "the system's random source does not answer");
  }
  return bytes;
}

}  // namespace chat

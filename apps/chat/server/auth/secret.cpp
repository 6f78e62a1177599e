#include "auth/secret.hpp"

#include "random_bytes.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/core/log.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace chat {

namespace {

using aerie::core::concat;

void require_long_enough(std::string const& secret, std::string const& where) {
  if (secret.size() >= shortest_secret) return;
  throw std::runtime_error(concat(
      where, " has ", std::to_string(secret.size()), " bytes and needs ", std::to_string(shortest_secret),
      " or more; make one with \"openssl rand -hex 32\", or leave it out: then the server "
      "makes one and keeps it beside the database"));
}

[[noreturn]] void fail(std::string const& what, std::filesystem::path const& file) {
  throw std::runtime_error(concat(what, " ", file.string(), " (", std::strerror(errno),
                                  "); make its directory writable, or set JWT_SECRET"));
}

std::string read_secret(std::filesystem::path const& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) fail("cannot read", file);
  if ((status.st_mode & 077) != 0) {
    throw std::runtime_error(
        concat("others can read the secret in ", file.string(), "; run: chmod 600 ", file.string()));
  }
  std::ifstream input(file);
  std::string secret;
  if (!std::getline(input, secret)) fail("cannot read", file);
  require_long_enough(secret, concat("the secret in ", file.string()));
  return secret;
}

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(Descriptor const&) = delete;
  Descriptor& operator=(Descriptor const&) = delete;
  int number() const noexcept { return number_; }

 private:
  int number_;
};

void write_secret(std::filesystem::path const& file, std::string const& secret) {
  Descriptor const output(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (output.number() < 0) fail("cannot write", file);
  auto const line = secret + '\n';
  if (::write(output.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    fail("cannot write", file);
  if (::fsync(output.number()) != 0) fail("cannot write", file);
}

/// The file appears with its whole content or not at all, and never replaces one that is there.
void create_secret(std::filesystem::path const& file) {
  auto const temporary = file.string() + '.' + std::to_string(::getpid());
  ::unlink(temporary.c_str());
  write_secret(temporary, aerie::base64::encode_url(random_bytes(shortest_secret)));
  auto const linked = ::link(temporary.c_str(), file.c_str()) == 0 || errno == EEXIST;
  ::unlink(temporary.c_str());
  if (!linked) fail("cannot write", file);
}

}  // namespace

std::string load_secret(std::optional<std::string> const& given, std::filesystem::path const& file) {
  if (given) {
    require_long_enough(*given, "JWT_SECRET");
    return *given;
  }
  if (!std::filesystem::exists(file)) create_secret(file);
  return read_secret(file);
}

std::filesystem::path secret_file_of(std::filesystem::path const& database) {
  auto file = database;
  file += ".secret";
  return file;
}

}  // namespace chat

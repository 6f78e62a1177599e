#include "http/open_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace aerie { inline namespace v1 { namespace http {

namespace {

std::uint64_t modified(struct stat const& status) noexcept {
  return static_cast<std::uint64_t>(status.st_mtim.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(status.st_mtim.tv_nsec);
}

}  // namespace

std::optional<OpenFile> OpenFile::open(std::filesystem::path const& path) {
  // Neither waits for the other end of a pipe.
  auto const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return std::nullopt;
  OpenFile file(descriptor);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  file.size_ = static_cast<std::uint64_t>(status.st_size);
  file.modified_ns_ = modified(status);
  return file;
}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool OpenFile::read(std::uint64_t at, std::size_t count, std::string& bytes) const {
  bytes.resize(count);
  std::size_t filled = 0;
  while (filled < count) {
    auto const got =
        ::pread(descriptor_, bytes.data() + filled, count - filled, static_cast<off_t>(at + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    filled += static_cast<std::size_t>(got);
  }
  struct stat status {};
  return ::fstat(descriptor_, &status) == 0 && modified(status) == modified_ns_ &&
         static_cast<std::uint64_t>(status.st_size) == size_;
}

}}}  // namespace aerie::v1::http

// Writing a part of a form to a file.

#include <aerie/core/run_blocking.hpp>
#include <aerie/http/multipart.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr mode_t by_anybody_as_umask_allows = 0666;

/// A file that is removed again unless `keep` is called.
class NewFile {
 public:
  explicit NewFile(std::string const& path)
      : path_(path),
        descriptor_(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, by_anybody_as_umask_allows)) {
    if (descriptor_ < 0) fail();
  }
  ~NewFile() {
    ::close(descriptor_);
    if (!kept_) ::unlink(path_.c_str());
  }
  NewFile(NewFile const&) = delete;
  NewFile& operator=(NewFile const&) = delete;

  void write(std::string_view content) {
    while (!content.empty()) {
      auto const written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void keep() noexcept { kept_ = true; }

 private:
  [[noreturn]] void fail() const {
    throw std::system_error(errno, std::generic_category(), "aerie: cannot write " + path_);
  }

  std::string const& path_;
  int descriptor_;
  bool kept_ = false;
};

}  // namespace

Task<void> MultipartPart::save_to(std::string path) const {
  auto const write = [path = std::move(path), text = content] {
    NewFile file(path);
    file.write(text);
    file.keep();
  };
  co_await run_blocking(write);
}

}}}  // namespace aerie::v1::http

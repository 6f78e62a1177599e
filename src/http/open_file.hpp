#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

/// A regular file that is open for reading. What is read belongs to the file that was opened, also when
/// another has taken its name; when its own content changes, reading fails. May be used from any thread, one
/// at a time.
class OpenFile {
 public:
  /// Nothing if there is no such regular file, or if it may not be read.
  static std::optional<OpenFile> open(std::filesystem::path const& path);
  OpenFile(OpenFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        size_(other.size_),
        modified_ns_(other.modified_ns_) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    size_ = other.size_;
    modified_ns_ = other.modified_ns_;
    return *this;
  }
  ~OpenFile();

  /// As it was when it was opened.
  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t modified_ns() const noexcept { return modified_ns_; }
  /// Fills `bytes` with `count` bytes from `at` on; false if the file does not have them, or not those any
  /// more that it had when it was opened.
  bool read(std::uint64_t at, std::size_t count, std::string& bytes) const;

 private:
  explicit OpenFile(int descriptor) noexcept : descriptor_(descriptor) {}
  int descriptor_;
  std::uint64_t size_ = 0;
  std::uint64_t modified_ns_ = 0;
};

}}}  // namespace aerie::v1::http

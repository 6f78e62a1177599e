#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chat::test {

/// A directory of the test's own.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    auto name = (std::filesystem::temp_directory_path() / "aerie-chat-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
    path_ = name;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(TemporaryDirectory const&) = delete;
  TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;

  std::filesystem::path file(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline void write_file(std::filesystem::path const& file, std::string_view content) {
  std::ofstream(file, std::ios::binary) << content;
}

/// What `action` throws, as text; empty if it throws nothing.
template <class Action>
std::string complaint_of(Action action) {
  try {
    action();
  } catch (std::exception const& error) {
    return error.what();
  }
  return {};
}

}  // namespace chat::test

#include "changes.hpp"

#include "command_error.hpp"

#include <fstream>
#include <ostream>
#include <sstream>
#include <utility>

namespace aerie::cli {

namespace fs = std::filesystem;

void Changes::create(fs::path const& file, std::string content, bool is_executable) {
  if (fs::exists(file)) {
    throw CommandError(file.lexically_relative(root_).string() +
                       " is there already and is never overwritten; choose another name, or remove it first");
  }
  changes_.push_back({file, std::move(content), true, is_executable});
}

void Changes::update(fs::path const& file, std::string content) {
  if (read_file(file) != content) changes_.push_back({file, std::move(content), false, false});
}

void Changes::apply(bool dry_run, std::ostream& out) const {
  for (auto const& change : changes_) {
    if (!dry_run) {
      fs::create_directories(change.file.parent_path());
      std::ofstream stream(change.file, std::ios::binary);
      stream << change.content;
      if (!stream.flush()) throw CommandError(change.file.string() + " cannot be written");
      if (change.is_executable) {
        fs::permissions(change.file, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                        fs::perm_options::add);
      }
    }
    out << (change.is_new ? "CREATE " : "UPDATE ") << change.file.lexically_relative(root_).string() << " ("
        << change.content.size() << " bytes)\n";
  }
  if (changes_.empty()) out << "nothing to do: it is there already\n";
  if (dry_run) out << "dry run: nothing was written\n";
}

std::string read_file(fs::path const& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  if (!stream) throw CommandError(file.string() + " cannot be read");
  return content.str();
}

}  // namespace aerie::cli

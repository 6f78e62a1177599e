#include "info.hpp"

#include "project.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iomanip>
#include <memory>
#include <ostream>
#include <string>

namespace aerie::cli {

namespace fs = std::filesystem;

namespace {

struct Close {
  void operator()(std::FILE* pipe) const { pclose(pipe); }
};

// The first line that a shell command prints; empty if it fails at once.
std::string first_line(std::string const& command) {
  std::unique_ptr<std::FILE, Close> const pipe(popen((command + " 2>/dev/null").c_str(), "r"));
  std::array<char, 256> line{};
  if (!pipe || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return {};
  std::string result(line.data());
  while (!result.empty() && result.back() == '\n')
    result.pop_back();
  return result;
}

std::string version_of(std::string const& program, std::string const& otherwise) {
  auto const version = first_line(program + " --version");
  return version.empty() ? "not found; " + otherwise : version;
}

// Never more than the name of a program: it goes to a shell.
std::string compiler() {
  auto const* const named = std::getenv("CXX");
  return named == nullptr ||
                 std::string_view(named).find_first_of(" ;&|$`'\"\\()<>\n") != std::string_view::npos
             ? "c++"
             : named;
}

std::string describe(std::optional<AerieLocation> const& aerie) {
  if (!aerie) return "not found beside this program; name it with aerie new --aerie PATH";
  return aerie->path.string() + (aerie->is_checkout ? " (a source checkout)" : " (installed)");
}

std::string describe_project(fs::path const& folder) {
  auto const project = find_project(folder);
  if (!project) return "none here; aerie new my-app begins one";
  auto const source = *project / "src";
  std::string counts;
  for (auto const* const kind : {"module", "gateway", "controller", "service"}) {
    auto const count = files_ending(source, "_" + std::string(kind) + ".hpp").size();
    counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + kind + (count == 1 ? "" : "s");
  }
  return project->string() + " (" + counts + ")";
}

}  // namespace

void info(fs::path const& folder, fs::path const& program, std::ostream& out) {
  auto const line = [&](char const* what, std::string const& value) {
    out << std::left << std::setw(12) << what << value << '\n';
  };
  line("aerie", AERIE_VERSION);
  line("built with", AERIE_COMPILER);
  line("libraries", describe(aerie_around(program)));
  line("project", describe_project(folder));
  line("compiler", version_of(compiler(), "install g++ 12 or clang 14, or newer"));
  line("cmake", version_of("cmake", "install CMake 3.25 or newer"));
  line("ninja", version_of("ninja", "without it make is used"));
  line("node", version_of("node", "only needed for clients and pages"));
}

}  // namespace aerie::cli

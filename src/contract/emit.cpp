#include <aerie/contract/emit.hpp>
#include <aerie/core/log.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

using core::concat;

struct Format {
  std::string_view option;
  std::string (*write)(Contract const& contract, DocumentInfo const& info);
};

constexpr Format formats[] = {{"--emit-typescript", &to_typescript},
                              {"--emit-asyncapi", &to_asyncapi},
                              {"--emit-openapi", &to_openapi}};
constexpr std::string_view check_option = "--check";

struct Wanted {
  Format const* format = nullptr;
  std::string file;
};

struct Wishes {
  std::vector<Wanted> files;
  bool checks = false;
  /// What is wrong with them.
  std::string complaint;
};

/// The format that an argument asks for, as `--emit-x FILE` or `--emit-x=FILE`.
Format const* format_of(std::string_view argument) {
  for (auto const& format : formats) {
    if (argument == format.option) return &format;
    if (argument.starts_with(format.option) && argument.substr(format.option.size()).starts_with('='))
      return &format;
  }
  return nullptr;
}

/// All other arguments are the program's own business.
Wishes read(int argc, char const* const* argv) {
  Wishes wishes;
  for (int i = 1; i < argc; ++i) {
    std::string_view const argument = argv[i];
    if (argument == check_option) wishes.checks = true;
    auto const* const format = format_of(argument);
    if (format == nullptr) continue;
    Wanted wanted{format, {}};
    if (argument.size() > format->option.size()) {
      wanted.file = argument.substr(format->option.size() + 1);
    } else if (i + 1 < argc) {
      wanted.file = argv[++i];
    }
    if (wanted.file.empty() || wanted.file.starts_with("--"))
      wishes.complaint = concat(format->option, " needs the name of a file, or - for the standard output");
    wishes.files.push_back(std::move(wanted));
  }
  if (wishes.files.empty())
    wishes.complaint = concat(check_option,
                              " needs to know what to check: --emit-typescript FILE, "
                              "--emit-asyncapi FILE or --emit-openapi FILE");
  return wishes;
}

std::string program_name(int argc, char const* const* argv) {
  if (argc == 0) return "aerie";
  std::string_view const path = argv[0];
  auto const slash = path.rfind('/');
  return std::string(slash == path.npos ? path : path.substr(slash + 1));
}

std::optional<std::string> content_of(std::string const& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(input), {});
}

/// Empty, or what is wrong.
std::string write(std::string const& file, std::string const& text) {
  if (content_of(file) == text) return {};
  std::ofstream output(file, std::ios::binary | std::ios::trunc);
  output << text;
  output.close();
  if (output) return {};
  return concat("cannot write ", file, ": ", std::strerror(errno));
}

/// Empty, or why it is stale.
std::string check(Wanted const& wanted, std::string const& text, std::string_view program) {
  auto const content = content_of(wanted.file);
  if (content == text) return {};
  std::string_view const what = content ? " is stale: it is not what the gateways and controllers say now"
                                        : " is not there, or cannot be read";
  return concat(wanted.file, what, "; renew it with: ", program, " ", wanted.format->option, " ",
                wanted.file);
}

}  // namespace

bool is_asked_for(int argc, char const* const* argv) {
  return std::any_of(argv + std::min(argc, 1), argv + argc, [](std::string_view argument) {
    return argument == check_option || format_of(argument) != nullptr;
  });
}

int emit(int argc, char const* const* argv, std::function<Contract()> const& collect,
         ContractOptions const& options, std::ostream& output, std::ostream& errors) {
  auto const program = program_name(argc, argv);
  auto const wishes = read(argc, argv);
  if (!wishes.complaint.empty()) {
    errors << program << ": " << wishes.complaint << '\n';
    return 2;
  }
  auto const contract = collect();
  int status = 0;
  for (auto const& wanted : wishes.files) {
    DocumentInfo info{options.title.empty() ? program : options.title, options.version, options.description,
                      concat(program, " ", wanted.format->option, " FILE")};
    auto const text = wanted.format->write(contract, info);
    std::string complaint;
    if (wishes.checks) {
      complaint = check(wanted, text, program);
    } else if (wanted.file == "-") {
      output << text << std::flush;
    } else {
      complaint = write(wanted.file, text);
    }
    if (complaint.empty()) continue;
    errors << program << ": " << complaint << '\n';
    status = 1;
  }
  return status;
}

int emit(int argc, char const* const* argv, std::function<Contract()> const& collect,
         ContractOptions const& options) {
  return emit(argc, argv, collect, options, std::cout, std::cerr);
}

}}}  // namespace aerie::v1::contract

#include "gateway/variables.hpp"

#include <aerie/core/log.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace aerie { inline namespace v1 {

Environment process_environment() {
  Environment variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view const text = *entry;
    auto const equals = text.find('=');
    if (equals != text.npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

namespace gateway {

namespace {

Environment read_file(std::filesystem::path const& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, error)) {
    throw StartError(
        core::concat("aerie: the settings in ", path.string(),
                     " cannot be read; make it readable, or take it out of ConfigOptions::env_files"));
  }
  std::string const text(std::istreambuf_iterator<char>(file), {});
  return parse_env_file(text);
}

}  // namespace

Variables::Variables(ConfigOptions const& options)
    : environment_(options.environment ? *options.environment : process_environment()),
      expands_(options.expand_variables) {
  // `merge` keeps what is there already.
  for (auto const& path : options.env_files)
    files_.merge(read_file(path));
}

std::optional<std::string> Variables::find(std::string_view name) {
  asked_.emplace(name);
  return look_up(name, 0);
}

std::optional<std::string> Variables::look_up(std::string_view name, unsigned depth) const {
  constexpr unsigned deepest = 20;
  if (depth > deepest) {
    throw StartError(
        core::concat("aerie: the value of ", name,
                     " refers to itself; take the ${...} out of one of the variables in the circle"));
  }
  if (auto const found = environment_.find(name); found != environment_.end()) return found->second;
  auto const found = files_.find(name);
  if (found == files_.end()) return std::nullopt;
  return expands_ ? expand(found->second, depth) : found->second;
}

std::string Variables::expand(std::string_view text, unsigned depth) const {
  std::string result;
  while (true) {
    auto const begin = text.find("${");
    auto const end = begin == text.npos ? begin : text.find('}', begin);
    if (end == text.npos) return result.append(text);
    result.append(text.substr(0, begin));
    auto const reference = text.substr(begin + 2, end - begin - 2);
    text.remove_prefix(end + 1);
    auto const dash = reference.find(":-");
    auto value = look_up(reference.substr(0, dash), depth + 1);
    if (dash != reference.npos && (!value || value->empty())) value = reference.substr(dash + 2);
    result.append(value.value_or(""));
  }
}

std::vector<std::string> Variables::unused(std::string_view prefix) const {
  std::vector<std::string> names;
  auto const add = [&](Environment const& variables) {
    for (auto const& [name, value] : variables) {
      if (name.starts_with(prefix) && !asked_.contains(name)) names.push_back(name);
    }
  };
  add(files_);
  if (!prefix.empty()) add(environment_);
  return names;
}

}  // namespace gateway
}}  // namespace aerie::v1

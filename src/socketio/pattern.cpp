#include <aerie/core/log.hpp>
#include <aerie/socketio/pattern.hpp>

#include <re2/re2.h>

#include <cstddef>
#include <stdexcept>

namespace aerie { inline namespace v1 {

namespace {

RE2 const& re2_of(std::shared_ptr<void const> const& compiled) noexcept {
  return *static_cast<RE2 const*>(compiled.get());
}

}  // namespace

Pattern::Pattern(std::string const& expression) {
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<RE2>(expression, options);
  if (!compiled->ok()) {
    throw std::invalid_argument(core::concat("aerie: the namespace pattern \"", expression,
                                             "\" cannot be used: ", compiled->error(),
                                             " (patterns have RE2's syntax)"));
  }
  auto const& names = compiled->CapturingGroupNames();
  for (int group = 1; group <= compiled->NumberOfCapturingGroups(); ++group) {
    auto const named = names.find(group);
    group_names_.push_back(named == names.end() ? std::to_string(group) : named->second);
  }
  compiled_ = std::move(compiled);
}

bool Pattern::matches(std::string_view name) const {
  return RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), re2_of(compiled_));
}

std::vector<std::pair<std::string, std::string>> Pattern::groups(std::string_view name) const {
  std::vector<re2::StringPiece> found(group_names_.size() + 1);
  re2::StringPiece const text(name.data(), name.size());
  if (!re2_of(compiled_).Match(text, 0, name.size(), RE2::UNANCHORED, found.data(),
                               static_cast<int>(found.size()))) {
    return {};
  }
  std::vector<std::pair<std::string, std::string>> groups;
  for (std::size_t i = 0; i < group_names_.size(); ++i) {
    auto const& matched = found[i + 1];
    if (matched.data() != nullptr)
      groups.emplace_back(group_names_[i], std::string(matched.data(), matched.size()));
  }
  return groups;
}

}}  // namespace aerie::v1

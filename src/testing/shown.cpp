#include "testing/shown.hpp"

#include <aerie/core/log.hpp>
#include <aerie/schema/codec.hpp>

namespace aerie { inline namespace v1 { namespace testing {

namespace {

constexpr std::size_t most_shown = 20;
constexpr std::size_t longest_shown = 500;

std::string shown(ReceivedEvent const& event) {
  std::string arguments;
  for (auto const& argument : event.args)
    arguments += core::concat(arguments.empty() ? "" : ", ", json::stringify(argument));
  return core::concat(event.name, "(", arguments, ")");
}

}  // namespace

std::string shown(std::vector<std::string> const& messages) {
  if (messages.empty()) return "nothing";
  std::string text;
  for (std::size_t i = 0; i < messages.size() && i < most_shown; ++i) {
    text += i == 0 ? "" : ", ";
    text += messages[i].size() <= longest_shown ? messages[i] : messages[i].substr(0, longest_shown) + "...";
  }
  if (messages.size() > most_shown) {
    text += core::concat(" and ", std::to_string(messages.size() - most_shown), " more");
  }
  return text;
}

std::string shown(std::vector<ReceivedEvent> const& events) {
  std::vector<std::string> texts;
  for (auto const& event : events)
    texts.push_back(shown(event));
  return shown(texts);
}

}}}  // namespace aerie::v1::testing

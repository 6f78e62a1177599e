#include "module_edit.hpp"

#include "command_error.hpp"
#include "source_text.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

namespace aerie::cli {

namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(blanks);
  if (first == npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::size_t line_start(std::string_view text, std::size_t at) {
  auto const before = text.substr(0, at).rfind('\n');
  return before == npos ? 0 : before + 1;
}

std::string_view indentation(std::string_view text, std::size_t line) {
  auto const end = text.find_first_not_of(" \t", line);
  return text.substr(line, std::min(end, text.size()) - line);
}

// --- describe(aerie::Module& m) { ... }

/// Positions in the source.
struct Describe {
  std::size_t reference;  // the & of its parameter
  std::size_t parameter_end;
  std::size_t open;
  std::size_t close;
};

// The function whose name is at `at`, if it takes a Module& and has its body here.
std::optional<Describe> describe_at(std::string_view code, std::size_t at) {
  auto const parenthesis = code.find_first_not_of(blanks, at + std::string_view("describe").size());
  if (parenthesis == npos || code[parenthesis] != '(') return std::nullopt;
  auto const end = closing_bracket(code, parenthesis);
  if (!end) return std::nullopt;
  auto const parameter = code.substr(parenthesis + 1, *end - parenthesis - 1);
  auto const reference = parameter.find('&');
  if (reference == npos || find_word(parameter.substr(0, reference), "Module") == npos) return std::nullopt;
  auto const open = code.find_first_not_of(blanks, *end + 1);
  if (open == npos || code[open] != '{') return std::nullopt;
  auto const close = closing_bracket(code, open);
  if (!close) return std::nullopt;
  return Describe{parenthesis + 1 + reference, *end, open, *close};
}

std::vector<Describe> find_describes(std::string_view code) {
  std::vector<Describe> found;
  for (auto at = find_word(code, "describe"); at != npos; at = find_word(code, "describe", at + 1)) {
    if (auto const describe = describe_at(code, at)) found.push_back(*describe);
  }
  return found;
}

// `.gateways<A, ChatGateway>` in the body.
bool is_registered(std::string_view body, Registration const& registration) {
  for (auto at = find_word(body, registration.call); at != npos;
       at = find_word(body, registration.call, at + 1)) {
    auto const open = body.find_first_not_of(blanks, at + registration.call.size());
    if (open == npos || body[open] != '<') continue;
    auto const close = closing_bracket(body, open);
    if (close && find_word(body.substr(open, *close - open), registration.type) != npos) return true;
  }
  return false;
}

// The text between the braces with the statement at its end.
std::string extended_body(std::string_view source, Describe const& describe, std::string const& statement,
                          std::string_view newline) {
  auto const body = source.substr(describe.open + 1, describe.close - describe.open - 1);
  std::string const outer(indentation(source, line_start(source, describe.open)));
  auto const content = trimmed(body);
  bool const one_line = body.find('\n') == npos;
  std::string inner = outer + "  ";
  if (!content.empty() && !one_line) {
    auto const first = describe.open + 1 + body.find_first_not_of(blanks);
    auto const line = line_start(source, first);
    if (line > describe.open) inner = indentation(source, line);
  }
  std::string result;
  if (one_line) {
    if (!content.empty()) result.append(newline).append(inner).append(content);
  } else {
    result = body.substr(0, body.find_last_not_of(blanks) + 1);
  }
  return result.append(newline).append(inner).append(statement).append(newline).append(outer);
}

std::string add_statement(std::string_view source, Registration const& registration, std::string_view file,
                          std::string_view newline) {
  auto const by_hand = "m." + registration.call + "<" + registration.type + ">();";
  auto const refuse = [&](std::string_view why) {
    throw CommandError(std::string(file) + " " + std::string(why) + "; add " + by_hand +
                       " to the module by hand, with #include \"" + registration.include +
                       "\", and pass --skip-import to have the files alone");
  };
  auto const code = blank_comments_and_quotes(source);
  auto const describes = find_describes(code);
  if (describes.empty()) refuse("has no `static void describe(aerie::Module& m)` with its body");
  if (describes.size() > 1) refuse("describes more than one module");
  auto const& describe = describes.front();
  auto const code_body = std::string_view(code).substr(describe.open, describe.close - describe.open);
  if (is_registered(code_body, registration)) return std::string(source);
  if (code_body.find('#') != npos) refuse("has preprocessor lines in its describe");

  auto const parameter = trimmed(
      std::string_view(code).substr(describe.reference + 1, describe.parameter_end - describe.reference - 1));
  auto const name = parameter.empty() ? std::string("m") : std::string(parameter);
  auto const statement = name + by_hand.substr(1);
  std::string result(source.substr(0, describe.reference + 1));
  if (parameter.empty()) {
    result += " m";
  } else {
    result += source.substr(describe.reference + 1, describe.parameter_end - describe.reference - 1);
  }
  result += source.substr(describe.parameter_end, describe.open + 1 - describe.parameter_end);
  result += extended_body(source, describe, statement, newline);
  return result.append(source.substr(describe.close));
}

// --- #include "chat/chat_gateway.hpp"

struct Include {
  std::size_t line;  // where it begins
  std::size_t next;  // where the next line begins
  bool quoted;
  std::string_view path;
};

std::optional<Include> include_at(std::string_view source, std::size_t line, std::size_t next) {
  auto text = trimmed(source.substr(line, next - line));
  if (!text.starts_with('#')) return std::nullopt;
  text = trimmed(text.substr(1));
  if (!text.starts_with("include")) return std::nullopt;
  text = trimmed(text.substr(std::string_view("include").size()));
  if (text.empty() || (text.front() != '"' && text.front() != '<')) return std::nullopt;
  auto const end = text.find(text.front() == '"' ? '"' : '>', 1);
  if (end == npos) return std::nullopt;
  return Include{line, next, text.front() == '"', text.substr(1, end - 1)};
}

std::size_t next_line(std::string_view text, std::size_t line) {
  auto const end = text.find('\n', line);
  return end == npos ? text.size() : end + 1;
}

std::vector<Include> find_includes(std::string_view source) {
  auto const code = blank_comments_and_quotes(source);
  std::vector<Include> found;
  for (std::size_t line = 0; line < source.size(); line = next_line(source, line)) {
    if (!trimmed(std::string_view(code).substr(line, next_line(code, line) - line)).starts_with('#'))
      continue;
    if (auto const include = include_at(source, line, next_line(source, line))) found.push_back(*include);
  }
  return found;
}

std::string inserted(std::string_view source, std::size_t at, std::string_view text) {
  return std::string(source.substr(0, at)).append(text).append(source.substr(at));
}

std::string add_include(std::string_view source, std::string const& path, std::string_view newline) {
  auto const line = ("#include \"" + path + "\"").append(newline);
  auto const all = find_includes(source);
  std::vector<Include> quoted;
  std::ranges::copy_if(all, std::back_inserter(quoted), &Include::quoted);
  if (std::ranges::any_of(quoted, [&](auto const& each) { return each.path == path; })) {
    return std::string(source);
  }
  if (!quoted.empty()) {
    auto const after = std::ranges::find_if(quoted, [&](auto const& each) { return each.path > path; });
    return inserted(source, after == quoted.end() ? quoted.back().next : after->line, line);
  }
  if (!all.empty()) return inserted(source, all.front().line, line + std::string(newline));
  auto const code = blank_comments_and_quotes(source);
  auto const pragma = code.find("#pragma once");
  if (pragma == npos) return inserted(source, 0, line + std::string(newline));
  return inserted(source, next_line(source, pragma), std::string(newline) + line);
}

}  // namespace

std::string add_to_module(std::string_view source, Registration const& registration, std::string_view file) {
  std::string_view const newline = source.find("\r\n") == npos ? "\n" : "\r\n";
  auto const described = add_statement(source, registration, file, newline);
  return add_include(described, registration.include, newline);
}

}  // namespace aerie::cli

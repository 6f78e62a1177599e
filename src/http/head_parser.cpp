#include "http/head_parser.hpp"

#include "http/characters.hpp"
#include "http/head_builder.hpp"
#include "http/repeated_headers.hpp"

#include <aerie/core/ascii.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::array<Method, 9> methods{Method::get,     Method::head,  Method::post,
                                        Method::put,     Method::patch, Method::del,
                                        Method::options, Method::trace, Method::connect};
// No method is longer; what is, need not be waited for.
constexpr std::size_t longest_method = 32;

constexpr std::string_view version_1 = "HTTP/1.";
constexpr std::size_t version_size = version_1.size() + 1;

}  // namespace

void HeadParser::reset() noexcept {
  facts_ = {};
  position_ = line_count_ = 0;
  authority_ = host_ = {};
  method_error_ = error_ = RequestError::none;
  has_request_line_ = false;
}

HeadParser::Step HeadParser::fail(RequestError error) noexcept {
  error_ = error;
  return Step::failed;
}

HeadParser::Status HeadParser::parse(std::string_view bytes) noexcept {
  bytes = bytes.substr(0, limits_.max_bytes);
  auto step = Step::next;
  while (step == Step::next)
    step = has_request_line_ ? parse_header(bytes) : parse_request_line(bytes);
  if (step == Step::incomplete && bytes.size() >= limits_.max_bytes)
    step = fail(RequestError::head_too_large);
  if (step == Step::done) return Status::complete;
  return step == Step::failed ? Status::failed : Status::incomplete;
}

HeadParser::Step HeadParser::take_line_end(std::string_view bytes, std::size_t at) noexcept {
  if (at == bytes.size()) return Step::incomplete;
  if (bytes[at] == '\n') return fail(RequestError::bare_line_feed);
  if (bytes[at] != '\r') return fail(RequestError::control_character);
  if (at + 1 == bytes.size()) return Step::incomplete;
  if (bytes[at + 1] != '\n') return fail(RequestError::bare_carriage_return);
  position_ = at + 2;
  return Step::next;
}

HeadParser::Step HeadParser::parse_request_line(std::string_view bytes) noexcept {
  // One empty line is skipped: old clients send it behind a body (RFC 9112 §2.2).
  if (position_ == 0 && !bytes.empty() && bytes[0] == '\r') return take_line_end(bytes, 0);

  auto const* const data = bytes.data();
  auto const* const end = data + bytes.size();
  auto const* const method_end = skip_token(data + position_, end);
  auto const method_size = static_cast<std::size_t>(method_end - data) - position_;
  auto const method = bytes.substr(position_, std::min(method_size, longest_method + 1));
  if (auto const error = set_method(method); error != RequestError::none) return fail(error);
  if (method.size() > longest_method) return fail(RequestError::method_unknown);
  if (method_end == end) return Step::incomplete;
  if (method.empty() || *method_end != ' ') return fail(RequestError::request_line);

  auto const target_begin = static_cast<std::size_t>(method_end - data) + 1;
  auto const target_end = static_cast<std::size_t>(skip_target(data + target_begin, end) - data);
  if (target_end == bytes.size()) return Step::incomplete;
  if (bytes[target_end] != ' ') {
    auto const line_ends = bytes[target_end] == '\r' || bytes[target_end] == '\n';
    return fail(line_ends ? RequestError::request_line : RequestError::target);
  }
  if (target_end == target_begin) return fail(RequestError::request_line);
  target_ = span(target_begin, target_end);
  return parse_version(bytes, target_end + 1);
}

HeadParser::Step HeadParser::parse_version(std::string_view bytes, std::size_t at) noexcept {
  auto const version = bytes.substr(at, version_size);
  auto const is_version = [&] {
    constexpr std::string_view pattern = "HTTP/d.d";
    for (std::size_t i = 0; i < version.size(); ++i) {
      if (pattern[i] == 'd' ? !core::is_digit(version[i]) : version[i] != pattern[i]) return false;
    }
    return true;
  };
  if (!is_version()) return fail(RequestError::version_syntax);
  if (version.size() < version_size) return Step::incomplete;

  auto const after = at + version_size;
  if (after < bytes.size() && bytes[after] != '\r' && bytes[after] != '\n')
    return fail(RequestError::version_syntax);
  auto const line_end = take_line_end(bytes, after);
  if (line_end != Step::next) return line_end;

  if (!version.starts_with(version_1) || version.back() > '1') return fail(RequestError::version);
  minor_ = version.back() == '1' ? 1 : 0;
  if (method_error_ != RequestError::none) return fail(method_error_);
  if (auto const error = set_target(bytes, target_); error != RequestError::none) return fail(error);
  has_request_line_ = true;
  return Step::next;
}

RequestError HeadParser::set_method(std::string_view method) noexcept {
  if (std::any_of(method.begin(), method.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
    return RequestError::method_case;
  }
  auto const known =
      std::find_if(methods.begin(), methods.end(), [&](Method m) { return to_string(m) == method; });
  // Reported behind the version, so that the preface of HTTP/2 is told about its version.
  method_error_ = known == methods.end()      ? RequestError::method_unknown
                  : *known == Method::connect ? RequestError::connect
                                              : RequestError::none;
  if (known != methods.end()) method_ = *known;
  return RequestError::none;
}

RequestError HeadParser::set_target(std::string_view bytes, Span target) noexcept {
  auto const whole = text(bytes, target);
  if (whole.front() == '/') return RequestError::none;
  if (whole == "*") return method_ == Method::options ? RequestError::none : RequestError::target;

  auto const colon = whole.find("://");
  auto const scheme = whole.substr(0, colon);
  if (colon == whole.npos ||
      (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https"))) {
    return RequestError::target;
  }
  auto const host = colon + 3;
  auto const path = std::min(whole.find_first_of("/?", host), whole.size());
  if (path == host || !all_in(host_characters, whole.substr(host, path - host))) return RequestError::target;
  authority_ = span(target.begin + host, target.begin + path);
  target_ = span(target.begin + path, std::size_t{target.begin} + target.size);
  return RequestError::none;
}

HeadParser::Step HeadParser::parse_header(std::string_view bytes) noexcept {
  auto const* const data = bytes.data();
  auto const* const end = data + bytes.size();
  auto const* const begin = data + position_;
  if (begin == end) return Step::incomplete;
  if (*begin == '\r') {
    auto const line_end = take_line_end(bytes, position_);
    return line_end == Step::next ? finish(bytes) : line_end;
  }

  auto const* const colon = skip_token(begin, end);
  if (colon == end) return Step::incomplete;
  auto const name_end = static_cast<std::size_t>(colon - data);
  if (colon == begin || *colon != ':') return parse_name_error(bytes, name_end);

  auto const value_end = static_cast<std::size_t>(skip_value(colon + 1, end) - data);
  auto const name_begin = position_;
  auto const line_end = take_line_end(bytes, value_end);
  if (line_end != Step::next) return line_end;
  if (line_count_ == limits_.max_lines) return fail(RequestError::too_many_headers);
  if (name_end - name_begin > HeadBuilder::longest_name) return fail(RequestError::head_too_large);

  auto const raw = bytes.substr(name_end + 1, value_end - name_end - 1);
  auto& line = lines_[line_count_++];
  line.name = span(name_begin, name_end);
  auto const value = trim(raw);
  auto const value_begin = static_cast<std::size_t>(value.data() - data);
  line.value = span(value_begin, value_begin + value.size());

  auto const had_host = facts_.has_host();
  auto const error = facts_.note(text(bytes, line.name), value, raw);
  if (error != RequestError::none) return fail(error);
  if (!had_host && facts_.has_host()) host_ = line.value;
  return Step::next;
}

HeadParser::Step HeadParser::parse_name_error(std::string_view bytes, std::size_t at) noexcept {
  if (at == position_ && is_blank(bytes[at])) return fail(RequestError::folded_header);
  if (bytes[at] == '\n') return fail(RequestError::bare_line_feed);
  return fail(RequestError::header_name);
}

HeadParser::Step HeadParser::finish(std::string_view bytes) noexcept {
  if (auto const error = facts_.check(minor_); error != RequestError::none) return fail(error);
  if (authority_.size > 0 && facts_.has_host() &&
      !equal_ignoring_case(text(bytes, authority_), text(bytes, host_))) {
    return fail(RequestError::host_mismatch);
  }
  return Step::done;
}

RequestHead HeadParser::head(std::string_view bytes) const {
  std::array<std::uint16_t, max_lines> numbers;
  std::size_t size = 0;
  NameFilter names;
  bool repeats = false;
  for (std::size_t i = 0; i < line_count_; ++i) {
    auto const& [name, value] = lines_[i];
    if (names.note(text(bytes, name)) && !repeats) repeats = is_repeated(bytes, i);
    numbers[i] = HeadBuilder::number_of(text(bytes, name), text(bytes, value));
    size += HeadBuilder::line_size(numbers[i], name.size, value.size);
  }
  if (repeats) return joined_head(bytes);
  HeadBuilder builder(text(bytes, target_), size);
  for (std::size_t i = 0; i < line_count_; ++i)
    builder.add(numbers[i], text(bytes, lines_[i].name), text(bytes, lines_[i].value));
  return finished(builder);
}

/// True if a line before has the name of line `index`.
bool HeadParser::is_repeated(std::string_view bytes, std::size_t index) const noexcept {
  auto const name = text(bytes, lines_[index].name);
  for (std::size_t i = 0; i < index; ++i) {
    if (lines_[i].name.size == name.size() && equal_ignoring_case(text(bytes, lines_[i].name), name))
      return true;
  }
  return false;
}

/// As `head`, where a name has several lines: they become one here, so that whoever reads the head finds it
/// so.
RequestHead HeadParser::joined_head(std::string_view bytes) const {
  struct Joined {
    std::string_view name;
    std::string value;
  };
  std::vector<Joined> joined;
  joined.reserve(line_count_);
  for (std::size_t i = 0; i < line_count_; ++i) {
    auto const name = text(bytes, lines_[i].name);
    auto const value = text(bytes, lines_[i].value);
    auto const known = std::ranges::find_if(joined, [&](Joined const& line) {
      return line.name.size() == name.size() && equal_ignoring_case(line.name, name);
    });
    auto const rule = known == joined.end() ? RepeatRule::each : repeat_rule(name);
    if (rule == RepeatRule::each) {
      joined.push_back({name, std::string(value)});
    } else if (rule != RepeatRule::first) {
      known->value.append(rule == RepeatRule::cookies ? "; " : ", ").append(value);
    }
  }
  std::size_t size = 0;
  for (auto const& line : joined)
    size += HeadBuilder::line_size(HeadBuilder::number_of(line.name, line.value), line.name.size(),
                                   line.value.size());
  HeadBuilder builder(text(bytes, target_), size);
  for (auto const& line : joined)
    builder.add(HeadBuilder::number_of(line.name, line.value), line.name, line.value);
  return finished(builder);
}

RequestHead HeadParser::finished(HeadBuilder& builder) const noexcept {
  return builder.finish({.method = method_,
                         .minor = minor_,
                         .keep_alive = facts_.keep_alive(minor_),
                         .upgrade = facts_.upgrade()});
}

}}}  // namespace aerie::v1::http

#include "line_editor.hpp"

#include <algorithm>
#include <utility>

namespace aerie::cli {

namespace {

constexpr char control(char letter) {
  return static_cast<char>(letter - '@');
}

constexpr char escape = '\x1b';
constexpr char backspace = '\x7f';
constexpr std::string_view clear_line = "\r\x1b[K";
constexpr std::size_t longest_history = 1000;
constexpr std::size_t longest_sequence = 8;

/// A byte that belongs to the character before it.
bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !is_continuation(byte); }));
}

/// What they all begin with. REQUIRES: not empty.
std::string common_beginning(std::vector<std::string> const& words) {
  auto common = words.front();
  for (auto const& word : words) {
    auto const [end, _] = std::ranges::mismatch(common, word);
    common.erase(end, common.end());
  }
  return common;
}

}  // namespace

LineEditor::LineEditor(std::string prompt, std::vector<std::string> history, Complete complete,
                       std::size_t columns)
    : prompt_(std::move(prompt)),
      history_(std::move(history)),
      complete_(std::move(complete)),
      columns_(std::max(columns, prompt_.size() + 10)),
      recalled_(history_.size()) {}

LineEditor::Happened LineEditor::take(char byte, std::string& screen) {
  if (!sequence_.empty()) {
    sequence_ += byte;
    // ESC [ digits ~, or ESC [ letter.
    auto const goes_on = sequence_.size() == 2 ? byte == '[' || byte == 'O' : byte < '@';
    if (!goes_on || sequence_.size() >= longest_sequence) key(std::exchange(sequence_, {}), screen);
    return Happened::nothing;
  }
  switch (byte) {
    case escape:
      sequence_ = byte;
      return Happened::nothing;
    case '\r':
    case '\n':
      hide(screen);
      screen += prompt_ + line_ + "\r\n";
      return Happened::line;
    case control('C'):
      return Happened::end;
    case control('D'):
      if (line_.empty()) return Happened::end;
      erase(cursor_, behind(cursor_));
      break;
    case backspace:
    case control('H'):
      erase(before(cursor_), cursor_);
      break;
    case control('W'):
      erase(word_before(cursor_), cursor_);
      break;
    case control('U'):
      erase(0, cursor_);
      break;
    case control('K'):
      erase(cursor_, line_.size());
      break;
    case control('A'):
      cursor_ = 0;
      break;
    case control('E'):
      cursor_ = line_.size();
      break;
    case '\t':
      complete(screen);
      break;
    default:
      if (static_cast<unsigned char>(byte) < ' ') return Happened::nothing;
      insert(byte);
  }
  show(screen);
  return Happened::nothing;
}

void LineEditor::key(std::string_view sequence, std::string& screen) {
  auto const name = sequence.substr(std::min<std::size_t>(2, sequence.size()));
  if (name == "A" && recalled_ > 0) recall(recalled_ - 1);
  if (name == "B" && recalled_ < history_.size()) recall(recalled_ + 1);
  if (name == "C") cursor_ = behind(cursor_);
  if (name == "D") cursor_ = before(cursor_);
  if (name == "H" || name == "1~") cursor_ = 0;
  if (name == "F" || name == "4~") cursor_ = line_.size();
  if (name == "3~") erase(cursor_, behind(cursor_));
  show(screen);
}

void LineEditor::insert(char byte) {
  line_.insert(cursor_, 1, byte);
  ++cursor_;
}

void LineEditor::erase(std::size_t begin, std::size_t end) {
  line_.erase(begin, end - begin);
  cursor_ = begin;
}

std::size_t LineEditor::before(std::size_t place) const noexcept {
  if (place == 0) return 0;
  do {
    --place;
  } while (place > 0 && is_continuation(line_[place]));
  return place;
}

std::size_t LineEditor::behind(std::size_t place) const noexcept {
  if (place == line_.size()) return place;
  do {
    ++place;
  } while (place < line_.size() && is_continuation(line_[place]));
  return place;
}

std::size_t LineEditor::word_before(std::size_t place) const noexcept {
  while (place > 0 && line_[place - 1] == ' ')
    --place;
  while (place > 0 && line_[place - 1] != ' ')
    --place;
  return place;
}

void LineEditor::recall(std::size_t place) {
  if (recalled_ == history_.size()) typed_ = line_;
  recalled_ = place;
  line_ = place == history_.size() ? typed_ : history_[place];
  cursor_ = line_.size();
}

void LineEditor::complete(std::string& screen) {
  auto const begin = line_.rfind(' ', cursor_ == 0 ? 0 : cursor_ - 1);
  // Only the first word is a name.
  if (begin != std::string::npos && begin < cursor_) return;
  auto const words = complete_(std::string_view(line_).substr(0, cursor_));
  if (words.empty()) return;
  auto become = common_beginning(words);
  if (words.size() == 1) become += ' ';
  if (become.size() > cursor_) {
    line_.replace(0, cursor_, become);
    cursor_ = become.size();
  } else if (words.size() > 1) {
    hide(screen);
    for (auto const& word : words)
      screen += word + "  ";
    screen += "\r\n";
  }
}

std::string LineEditor::take_line() {
  auto line = std::exchange(line_, {});
  cursor_ = 0;
  typed_.clear();
  if (!line.empty() && (history_.empty() || history_.back() != line)) history_.push_back(line);
  if (history_.size() > longest_history) history_.erase(history_.begin());
  recalled_ = history_.size();
  return line;
}

void LineEditor::hide(std::string& screen) const {
  screen += clear_line;
}

void LineEditor::show(std::string& screen) const {
  hide(screen);
  // What does not fit is left out at the front, or behind the cursor.
  auto const room = columns_ - prompt_.size() - 1;
  auto begin = std::size_t{0};
  while (characters_in(std::string_view(line_).substr(begin, cursor_ - begin)) > room)
    begin = behind(begin);
  auto end = begin;
  for (std::size_t shown = 0; end < line_.size() && shown < room; ++shown)
    end = behind(end);
  screen += prompt_ + line_.substr(begin, end - begin);
  if (auto const back = characters_in(std::string_view(line_).substr(cursor_, end - cursor_)); back > 0)
    screen += "\x1b[" + std::to_string(back) + "D";
}

}  // namespace aerie::cli

#pragma once

/// \file
/// Reads a page of metrics as strictly as the format is written down.
/// https://prometheus.io/docs/instrumenting/exposition_formats/

#include <aerie/core/decimal.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::test {

/// The samples of a page, by name and labels as they are written: `a_total{b="c"}`. Its constructor throws
/// std::runtime_error with the line that is wrong.
class MetricsText {
 public:
  explicit MetricsText(std::string const& page) {
    if (page.empty() || page.back() != '\n')
      throw std::runtime_error("the page does not end with a line break");
    std::istringstream lines(page);
    std::string line;
    while (std::getline(lines, line))
      read(line);
    for (auto const& [family, type] : types_) {
      if (type == "histogram") check_histogram(family);
    }
  }

  std::optional<double> find(std::string const& sample) const {
    auto const found = samples_.find(sample);
    if (found == samples_.end()) return std::nullopt;
    return found->second;
  }
  /// NaN, which is equal to nothing, if there is none.
  double operator[](std::string const& sample) const { return find(sample).value_or(std::nan("")); }
  bool has_family(std::string const& name) const { return types_.contains(name); }
  std::map<std::string, std::string> const& types() const { return types_; }
  std::size_t size() const { return samples_.size(); }

 private:
  [[noreturn]] static void refuse(std::string const& why, std::string const& line) {
    throw std::runtime_error(why + ": " + line);
  }
  static bool is_name(std::string_view name, bool colon) {
    auto const good = [colon](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (colon && c == ':');
    };
    return !name.empty() && !std::isdigit(static_cast<unsigned char>(name.front())) &&
           std::ranges::all_of(name, good);
  }

  void read(std::string const& line) {
    if (line.empty()) refuse("an empty line", "");
    if (line.starts_with("# HELP ")) return begin(line);
    if (line.starts_with("# TYPE ")) return set_type(line);
    if (line.front() == '#') refuse("a comment", line);
    read_sample(line);
  }

  void begin(std::string const& line) {
    auto const rest = line.substr(7);
    auto const space = rest.find(' ');
    if (space == std::string::npos || space + 1 == rest.size()) refuse("no help", line);
    family_ = rest.substr(0, space);
    if (!is_name(family_, true)) refuse("not a name", line);
    if (!seen_.insert(family_).second) refuse("a family in two places", line);
    type_.clear();
  }

  void set_type(std::string const& line) {
    auto const rest = line.substr(7);
    auto const space = rest.find(' ');
    if (rest.substr(0, space) != family_ || !type_.empty()) refuse("a type of another family", line);
    type_ = rest.substr(space + 1);
    if (type_ != "counter" && type_ != "gauge" && type_ != "histogram") refuse("not a type", line);
    if ((type_ == "counter") != family_.ends_with("_total"))
      refuse("a counter ends with _total, nothing else", line);
    for (auto const* const unit : {"_milliseconds", "_minutes", "_kilobytes", "_ms"})
      if (family_.find(unit) != std::string::npos) refuse("not a base unit", line);
    types_[family_] = type_;
  }

  void read_sample(std::string const& line) {
    auto const end = line.find_first_of("{ ");
    auto const name = line.substr(0, end);
    if (type_.empty() || !belongs(name)) refuse("a sample of another family", line);
    auto at = end;
    std::string bound;
    std::string series = name;
    if (at != std::string::npos && line[at] == '{') {
      std::set<std::string> labels;
      do {
        auto const equals = line.find("=\"", ++at);
        if (equals == std::string::npos) refuse("not a label", line);
        auto const label = line.substr(at, equals - at);
        if (!is_name(label, false) || label.starts_with("__") || !labels.insert(label).second)
          refuse("not a label, or one twice", line);
        at = equals + 2;
        auto const begin = at;
        for (; at < line.size() && line[at] != '"'; ++at) {
          if (line[at] != '\\') continue;
          if (++at == line.size() || (line[at] != '\\' && line[at] != '"' && line[at] != 'n'))
            refuse("not an escape", line);
        }
        if (at == line.size()) refuse("a value without end", line);
        auto const value = line.substr(begin, at - begin);
        if (label == "le") {
          if (!name.ends_with("_bucket")) refuse("a bound outside a histogram", line);
          bound = value;
        } else {
          series += "," + label + "=\"" + value + "\"";
        }
        ++at;
      } while (at < line.size() && line[at] == ',');
      if (at == line.size() || line[at++] != '}') refuse("labels without end", line);
    }
    if (at >= line.size() || line[at] != ' ') refuse("no value", line);
    auto const text = line.substr(at + 1);
    auto const value = number(text, line);
    if (type_ != "gauge" && !(value >= 0)) refuse("less than nothing", line);
    if (!samples_.emplace(line.substr(0, at), value).second) refuse("a sample twice", line);
    if (type_ != "histogram") return;
    auto& histogram = histograms_[family_][series.substr(name.size())];
    if (name.ends_with("_bucket")) {
      if (bound.empty()) refuse("a bucket without a bound", line);
      histogram.buckets.emplace_back(bound == "+Inf" ? HUGE_VAL : number(bound, line), value);
    } else if (name.ends_with("_count")) {
      histogram.count = value;
    } else {
      histogram.has_sum = true;
    }
  }

  bool belongs(std::string const& name) const {
    if (type_ != "histogram") return name == family_;
    return name == family_ + "_bucket" || name == family_ + "_sum" || name == family_ + "_count";
  }

  static double number(std::string const& text, std::string const& line) {
    if (text == "+Inf") return HUGE_VAL;
    auto const value = core::decimal<double>(text);
    if (!value) refuse("not a number", line);
    return *value;
  }

  void check_histogram(std::string const& family) {
    for (auto const& [labels, histogram] : histograms_[family]) {
      auto const& buckets = histogram.buckets;
      if (buckets.empty() || buckets.back().first != HUGE_VAL) refuse("no last bucket", family + labels);
      for (std::size_t i = 1; i < buckets.size(); ++i) {
        if (buckets[i].first <= buckets[i - 1].first || buckets[i].second < buckets[i - 1].second)
          refuse("buckets that do not grow", family + labels);
      }
      if (!histogram.has_sum || histogram.count != buckets.back().second)
        refuse("a sum or a count that does not fit", family + labels);
    }
  }

  struct Histogram {
    std::vector<std::pair<double, double>> buckets;
    std::optional<double> count;
    bool has_sum = false;
  };

  std::string family_;
  std::string type_;
  std::set<std::string> seen_;
  std::map<std::string, std::string> types_;
  std::map<std::string, double> samples_;
  std::map<std::string, std::map<std::string, Histogram>> histograms_;
};

}  // namespace aerie::test

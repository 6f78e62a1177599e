#include <aerie/core/log.hpp>
#include <aerie/core/metrics_page.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

namespace {

/// The shortest text that reads as the same number, without an exponent where that is readable.
std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 40> text{};
  constexpr double least = 1e-7;
  constexpr double most = 1e15;
  auto const size = std::abs(value);
  auto const plain = size == 0 || (size >= least && size < most);
  auto const end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::general)
                       .ptr;
  return {text.data(), end};
}

void append_escaped(std::string& to, std::string_view text, bool quotes) {
  for (char const c : text) {
    if (c == '\n') {
      to += "\\n";
      continue;
    }
    if (c == '\\' || (quotes && c == '"')) to.push_back('\\');
    to.push_back(c);
  }
}

}  // namespace

MetricsPage::Family& MetricsPage::family(std::string_view name, std::string_view type,
                                         std::string_view help) {
  auto const found = std::ranges::find(families_, name, &Family::name);
  if (found != families_.end()) return *found;
  return families_.emplace_back(Family{std::string(name), type, std::string(help), {}});
}

void MetricsPage::sample(std::string& samples, std::string_view name, Labels const& labels,
                         std::string_view bound, double value) const {
  samples += name;
  char separator = '{';
  auto const label = [&](std::string_view of, std::string_view text) {
    samples.push_back(separator);
    samples += of;
    samples += "=\"";
    append_escaped(samples, text, true);
    samples.push_back('"');
    separator = ',';
  };
  for (auto const* const list : {&common_, &labels}) {
    for (auto const& [of, text] : *list)
      label(of, text);
  }
  if (!bound.empty()) label("le", bound);
  if (separator == ',') samples.push_back('}');
  samples += concat(" ", number(value), "\n");
}

void MetricsPage::counter(std::string_view name, std::string_view help, double value, Labels const& labels) {
  sample(family(name, "counter", help).samples, name, labels, {}, value);
}

void MetricsPage::gauge(std::string_view name, std::string_view help, double value, Labels const& labels) {
  sample(family(name, "gauge", help).samples, name, labels, {}, value);
}

void MetricsPage::histogram(std::string_view name, std::string_view help, TimeHistogram::Sum const& sum,
                            Labels const& labels) {
  auto& samples = family(name, "histogram", help).samples;
  auto const bucket = concat(name, "_bucket");
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < sum.counts.size(); ++i) {
    count += sum.counts[i];
    auto const bound = i < TimeBounds::size ? number(TimeBounds::seconds[i]) : std::string("+Inf");
    sample(samples, bucket, labels, bound, static_cast<double>(count));
  }
  sample(samples, concat(name, "_sum"), labels, {}, sum.seconds);
  sample(samples, concat(name, "_count"), labels, {}, static_cast<double>(count));
}

std::string MetricsPage::text() const {
  std::string text;
  for (auto const& family : families_) {
    text += concat("# HELP ", family.name, " ");
    append_escaped(text, family.help, false);
    text += concat("\n# TYPE ", family.name, " ", family.type, "\n", family.samples);
  }
  return text;
}

namespace {

/// The moment at which the process was started, in seconds since 1970; 0 if it cannot be told.
double started_at() {
  std::ifstream file("/proc/self/stat");
  std::string stat((std::istreambuf_iterator<char>(file)), {});
  // The second field is the program's name, which may have spaces and brackets in it.
  auto at = stat.rfind(')');
  constexpr int fields_before = 20;
  for (int i = 0; i < fields_before && at != std::string::npos; ++i)
    at = stat.find(' ', at + 1);
  if (at == std::string::npos) return 0;
  std::uint64_t ticks = 0;
  std::from_chars(stat.data() + at + 1, stat.data() + stat.size(), ticks);
  std::ifstream system("/proc/stat");
  std::string word;
  double booted = 0;
  while (system >> word) {
    if (word == "btime") system >> booted;
  }
  return booted + static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void collect_process(MetricsPage& page) {
  constexpr double microseconds = 1e6;
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    auto const seconds = [](timeval const& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / microseconds;
    };
    page.counter("process_cpu_seconds_total", "Time on processors, of the program and of the system for it.",
                 seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
  page.gauge("process_resident_memory_bytes", "Memory of the process.", resident_bytes());
  std::error_code error;
  auto const open = std::filesystem::directory_iterator("/proc/self/fd", error);
  if (!error) {
    page.gauge("process_open_fds", "Descriptors that are open.",
               static_cast<double>(std::distance(begin(open), end(open))));
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    page.gauge("process_max_fds", "Descriptors that may be open.", static_cast<double>(limit.rlim_cur));
  }
  static double const started = started_at();
  page.gauge("process_start_time_seconds", "When the process was started, since 1970.", started);
}

}}}  // namespace aerie::v1::core

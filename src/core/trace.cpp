#include "core/active_span.hpp"

#include <aerie/core/ascii.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/random.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/trace.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/core/utf8.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace aerie { inline namespace v1 {

namespace {

// --- Numbers

/// xoshiro256++ (https://prng.di.unimi.it/): quick, and begun by the system's random source in each thread.
class TraceNumbers {
 public:
  TraceNumbers() {
    auto const seed = core::random_bytes<sizeof(state_)>();
    std::memcpy(state_.data(), seed.data(), sizeof(state_));
  }
  std::uint64_t next() noexcept {
    auto const result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    auto const shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

template <std::size_t Size>
TraceNumber<Size> new_number() {
  thread_local TraceNumbers numbers;
  TraceNumber<Size> number;
  while (!number.valid()) {
    for (std::size_t i = 0; i < Size; i += sizeof(std::uint64_t)) {
      auto const next = numbers.next();
      std::memcpy(number.bytes.data() + i, &next, sizeof next);
    }
  }
  return number;
}

// --- Headers

bool is_small_hex(std::string_view text) noexcept {
  return std::ranges::all_of(text, core::is_small_hex_digit);
}

/// False for anything but small digits, and for zeros alone.
template <std::size_t Size>
bool read_number(std::string_view text, TraceNumber<Size>& number) noexcept {
  if (!is_small_hex(text)) return false;
  for (std::size_t i = 0; i < Size; ++i)
    number.bytes[i] = static_cast<char>(core::hex_digit(text[2 * i]) * 16 + core::hex_digit(text[2 * i + 1]));
  return number.valid();
}

std::string_view without_blanks(std::string_view text) noexcept {
  auto const begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// `key=value` of tracestate, §3.3.1.3.
bool is_state_member(std::string_view member) noexcept {
  constexpr std::size_t longest = 256;
  auto const equals = member.find('=');
  if (equals == 0 || equals == std::string_view::npos || equals > longest) return false;
  auto const key = member.substr(0, equals);
  auto const value = member.substr(equals + 1);
  auto const in_key = [](char c) {
    return (c >= 'a' && c <= 'z') || core::is_digit(c) ||
           std::string_view("_-*/@").find(c) != std::string_view::npos;
  };
  auto const in_value = [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; };
  auto const begins_well = (key.front() >= 'a' && key.front() <= 'z') || core::is_digit(key.front());
  return begins_well && std::ranges::all_of(key, in_key) && !value.empty() && value.size() <= longest &&
         std::ranges::all_of(value, in_value);
}

bool is_trace_state(std::string_view text) noexcept {
  constexpr std::size_t longest = 512;
  constexpr std::size_t most_members = 32;
  if (text.size() > longest) return false;
  std::size_t members = 0;
  while (!text.empty()) {
    auto const end = std::min(text.find(','), text.size());
    auto const member = without_blanks(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (member.empty()) continue;
    if (++members > most_members || !is_state_member(member)) return false;
  }
  return members > 0;
}

/// At most so many bytes of it, whole characters.
std::string_view cut_off(std::string_view text) noexcept {
  if (text.size() <= SpanRecord::longest_text) return text;
  auto end = SpanRecord::longest_text;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end);
}

}  // namespace

std::optional<TraceContext> TraceContext::parse(std::string_view traceparent, std::string_view tracestate) {
  constexpr std::size_t size = 55;
  auto const text = without_blanks(traceparent);
  if (text.size() < size || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  auto const version = text.substr(0, 2);
  auto const flags = text.substr(53, 2);
  if (!is_small_hex(version) || version == "ff" || !is_small_hex(flags)) return std::nullopt;
  // What later versions add stands behind these, if anything does.
  if (text.size() > size && (version == "00" || text[size] != '-')) return std::nullopt;
  TraceContext context;
  if (!read_number(text.substr(3, 32), context.trace_id) ||
      !read_number(text.substr(36, 16), context.span_id))
    return std::nullopt;
  context.sampled = (core::hex_digit(flags[1]) & 1) != 0;
  if (is_trace_state(tracestate)) context.state = without_blanks(tracestate);
  return context;
}

std::string TraceContext::traceparent() const {
  return core::concat("00-", trace_id.text(), "-", span_id.text(), sampled ? "-01" : "-00");
}

// --- Tracers

bool TraceSampling::operator()(TraceContext const* remote_parent, TraceId const& trace) const noexcept {
  if (remote_parent != nullptr && parent_based) return remote_parent->sampled;
  if (ratio >= 1) return true;
  // The last 7 bytes are the random ones, by the second level of the standard.
  std::uint64_t number = 0;
  for (std::size_t i = 9; i < trace.bytes.size(); ++i)
    number = number << 8U | static_cast<unsigned char>(trace.bytes[i]);
  constexpr double all = 72057594037927936.0;  // 2^56
  return static_cast<double>(number) < ratio * all;
}

Tracer::Tracer(TraceSampling const& sampling) : sampling_(sampling) {
  if (sampling.ratio >= 0 && sampling.ratio <= 1) return;
  throw std::invalid_argument(core::concat("aerie: TraceSampling::ratio is ", std::to_string(sampling.ratio),
                                           "; use 0 (no traces) to 1 (all of them)"));
}

Tracer::~Tracer() = default;

bool Tracer::samples(TraceContext const* remote_parent, TraceId const& trace, std::string_view, SpanKind) {
  return sampling_(remote_parent, trace);
}

// --- Spans

namespace core {

namespace {

constexpr UserCode tracer_code{"tracing", "the tracer"};

void give_to_tracer(Shard& shard, SpanRecord&& record) noexcept {
  auto* const tracer = shard.runtime().tracer();
  if (tracer == nullptr) return;
  // What is logged about it is not its own.
  SpanScope const nobody(shard, Span());
  call_user(shard.runtime().log(), tracer_code, [&] { tracer->ended(std::move(record)); });
}

}  // namespace

ActiveSpan::ActiveSpan(Shard& shard, SpanStart const& start, ActiveSpan* parent)
    : shard_(shard), begun_(shard.clock().now()) {
  if (parent != nullptr && start.holds_parent) above_.emplace(Span(parent));
  auto const* const above = parent != nullptr ? &parent->record_.context : start.remote_parent;
  record_.context.trace_id = above != nullptr ? above->trace_id : new_number<16>();
  record_.context.span_id = new_number<8>();
  record_.kind = start.kind;
  if (above != nullptr) {
    record_.parent = above->span_id;
    record_.context.state = above->state;
    record_.has_remote_parent = parent == nullptr;
  }
  record_.name = cut_off(start.name);
  if (parent != nullptr) {
    record_.context.sampled = parent->record_.context.sampled;
  } else {
    record_.context.sampled = ask_user(shard.runtime().log(), tracer_code, false, [&] {
      return shard.runtime().tracer()->samples(start.remote_parent, record_.context.trace_id, record_.name,
                                               start.kind);
    });
  }
  if (recording()) record_.begin = shard.clock().wall();
}

void ActiveSpan::add(TraceAttribute attribute, std::vector<TraceAttribute>& to) {
  if (auto* const text = std::get_if<std::string>(&attribute.value); text != nullptr)
    text->resize(cut_off(*text).size());
  auto const same = std::ranges::find(to, attribute.name, &TraceAttribute::name);
  if (same != to.end()) {
    same->value = std::move(attribute.value);
  } else if (to.size() < SpanRecord::most_attributes) {
    to.push_back(std::move(attribute));
  } else {
    ++record_.dropped;
  }
}

void ActiveSpan::end() noexcept {
  if (std::exchange(ended_, true)) return;
  tell();
  above_.reset();
}

void ActiveSpan::tell() noexcept {
  if (!record_.context.sampled) return;
  record_.end = record_.begin + std::chrono::duration_cast<WallTime::duration>(shard_.clock().now() - begun_);
  // Those below it, and log lines, may still ask for its ids.
  auto const context = record_.context;
  give_to_tracer(shard_, std::move(record_));
  record_ = {};
  record_.context = context;
}

void SpanHold::hold(Span span) noexcept {
  span_ = std::move(span);
  if (span_) ++span_.span_->holders;
}

void SpanHold::let_go() noexcept {
  if (--span_.span_->holders == 0) span_.span_->end();
}

TraceContext context_below(Span const& span) {
  auto context = span.context();
  context.span_id = new_number<8>();
  return context;
}

void record_span(Shard& shard, SpanRecord record) {
  give_to_tracer(shard, std::move(record));
}

}  // namespace core

Span Span::current() noexcept {
  auto const* const shard = core::Shard::current();
  if (shard == nullptr || shard->active_span() == nullptr) return {};
  return Span(shard->active_span());
}

Span Span::begin(std::string_view name, SpanKind kind) {
  auto* const shard = core::Shard::current();
  if (shard == nullptr) return {};
  return begin(*shard, {.name = name, .kind = kind});
}

Span Span::begin(core::Shard& shard, SpanStart const& start) {
  if (shard.runtime().tracer() == nullptr) return {};
  auto* const parent = start.remote_parent != nullptr || start.is_root ? nullptr : shard.active_span();
  return Span(new core::ActiveSpan(shard, start, parent));
}

void Span::retain() const noexcept {
  ++span_->refs;
}

void Span::release() noexcept {
  if (--span_->refs > 0) return;
  // Who is told of it may not come back for it.
  ++span_->refs;
  span_->end();
  delete span_;
}

bool Span::recording() const noexcept {
  return span_ != nullptr && span_->recording();
}

TraceContext Span::context() const {
  return span_ == nullptr ? TraceContext{} : span_->record().context;
}

void Span::rename(std::string_view name) const {
  if (recording()) span_->record().name = cut_off(name);
}

void Span::set(std::string_view name, TraceValue value) const {
  if (recording()) span_->add({std::string(cut_off(name)), std::move(value)}, span_->record().attributes);
}

void Span::add_event(std::string_view name, std::vector<TraceAttribute> attributes) const {
  if (!recording()) return;
  auto& events = span_->record().events;
  if (events.size() == SpanRecord::most_attributes) {
    ++span_->record().dropped;
    return;
  }
  TraceEvent event{.name = std::string(cut_off(name)), .time = span_->shard().clock().wall()};
  for (auto& attribute : attributes)
    span_->add(std::move(attribute), event.attributes);
  events.push_back(std::move(event));
}

void Span::fail(std::string_view why) const {
  if (!recording()) return;
  span_->record().failed = true;
  span_->record().error = cut_off(why);
}

void Span::end() const {
  if (span_ != nullptr) span_->end();
}

SpanScope::SpanScope(Span span) noexcept : span_(std::move(span)) {
  if (!span_) return;
  shard_ = core::Shard::current();
  if (shard_ == nullptr) return;
  before_ = Span::current();
  shard_->set_active_span(span_.span_);
}

SpanScope::SpanScope(core::Shard& shard, Span span) noexcept
    : span_(std::move(span)), shard_(&shard), always_restores_(true) {
  if (auto* const before = shard.set_active_span(span_.span_)) before_ = Span(before);
}

SpanScope::~SpanScope() {
  // A coroutine that is destroyed where it waits has nothing to give back.
  if (shard_ != nullptr && (always_restores_ || shard_->active_span() == span_.span_))
    shard_->set_active_span(before_.span_);
}

}}  // namespace aerie::v1

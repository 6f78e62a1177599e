#pragma once

/// \file
/// Traces: what is done for one request, on whatever servers, as spans that refer to each other. The ids
/// travel as W3C Trace Context says (https://www.w3.org/TR/trace-context/). A runtime traces if it has a
/// Tracer (RuntimeOptions::tracer); otherwise all of this does nothing. See docs/tracing.md.
///
///     auto const span = aerie::Span::begin("load history");
///     aerie::SpanScope const scope(span);              // what runs until the end of the block is part of it
///     span.set("room", room);
///     co_await history.load(room);

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/hex.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aerie { inline namespace v1 {

namespace core {
class MetricsPage;
class Shard;
class ActiveSpan;
class SpanHold;
}  // namespace core

/// The number of a trace, or of a span. All zeros is none.
template <std::size_t Size>
struct TraceNumber {
  /// As they stand in `traceparent`, the highest first.
  std::array<char, Size> bytes{};

  /// False for zeros, which are no number.
  bool valid() const noexcept { return bytes != std::array<char, Size>{}; }
  /// In small hexadecimal digits.
  std::string text() const { return core::hex(std::string_view(bytes.data(), bytes.size())); }
  bool operator==(TraceNumber const&) const = default;
};
/// The number of a trace.
using TraceId = TraceNumber<16>;
/// The number of a span.
using SpanId = TraceNumber<8>;

/// Which span something is part of, as it is told to others.
struct AERIE_API TraceContext {
  /// The trace.
  TraceId trace_id{};
  /// The span in it.
  SpanId span_id{};
  /// Whether it is recorded.
  bool sampled = false;
  /// What other systems have to say, passed on as it came.
  std::string state{};

  /// Of the headers `traceparent` and `tracestate`. Nothing if the first is not what the standard says; a
  /// `tracestate` that isn't is left out, as one of more than 512 characters is.
  static std::optional<TraceContext> parse(std::string_view traceparent, std::string_view tracestate = {});
  /// `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`
  std::string traceparent() const;
  bool operator==(TraceContext const&) const = default;
};

/// What an attribute can be.
using TraceValue = std::variant<std::string, std::int64_t, double, bool>;

/// Something that is said of a span or of an event in it.
struct TraceAttribute {
  /// Best one of OpenTelemetry's semantic conventions.
  std::string name;
  /// A text is cut off after `SpanRecord::longest_text` bytes.
  TraceValue value;
};

/// What has happened at one moment of a span.
struct TraceEvent {
  /// What has happened.
  std::string name;
  /// When it has happened.
  core::WallTime time{};
  /// More about it.
  std::vector<TraceAttribute> attributes{};
};

/// Numbered as OpenTelemetry does.
enum class SpanKind : std::uint8_t { internal = 1, server, client, producer, consumer };

/// A span that has ended.
struct SpanRecord {
  /// What was done, in few different words: it groups spans.
  std::string name;
  /// Which side of the work it was.
  SpanKind kind = SpanKind::internal;
  /// Its own numbers.
  TraceContext context{};
  /// Zeros of the first span of a trace.
  SpanId parent{};
  /// The parent is another process's.
  bool has_remote_parent = false;
  /// When it has begun.
  core::WallTime begin{};
  /// When it has ended.
  core::WallTime end{};
  /// What is known of it.
  std::vector<TraceAttribute> attributes{};
  /// What has happened meanwhile, in order.
  std::vector<TraceEvent> events{};
  /// Attributes and events that were too many.
  std::uint32_t dropped = 0;
  /// Whether it has come to nothing.
  bool failed = false;
  /// Why.
  std::string error{};

  /// Most attributes, and most events, of one span.
  static constexpr std::size_t most_attributes = 64;
  /// Bytes of one text; longer ones are cut off.
  static constexpr std::size_t longest_text = 1024;
};

/// Which traces are recorded. A plain value.
struct AERIE_API TraceSampling {
  /// Of the traces that begin here: 1 all, 0 none. Decided by the trace's number, so that all servers with
  /// the same ratio choose the same ones.
  double ratio = 1;
  /// What another server has begun is recorded if that server records it. False: the ratio counts for them as
  /// well. Never for spans below another one of this process, which are recorded if that is.
  bool parent_based = true;

  bool operator()(TraceContext const* remote_parent, TraceId const& trace) const noexcept;
};

/// Who is told of spans. Thread contract: called on all shards, at the same time; it outlives the runtime.
/// What it throws is reported, and the span is lost.
class AERIE_API Tracer {
 public:
  /// Throws std::invalid_argument if the ratio is not between 0 and 1.
  explicit Tracer(TraceSampling const& sampling = {});
  virtual ~Tracer();
  Tracer(Tracer const&) = delete;
  Tracer& operator=(Tracer const&) = delete;

  /// Whether a trace is recorded of which this is the first span in this process. `remote_parent`: the other
  /// server's; null if it begins here.
  virtual bool samples(TraceContext const* remote_parent, TraceId const& trace, std::string_view name,
                       SpanKind kind);
  /// A span that is recorded has ended. To be quick: the event loop waits.
  virtual void ended(SpanRecord&& span) = 0;
  /// Says on a page of metrics what has become of them; nothing by default.
  virtual void collect(core::MetricsPage&) const {}

 private:
  TraceSampling sampling_;
};

/// What a span begins with.
struct SpanStart {
  /// See `SpanRecord::name`.
  std::string_view name;
  /// Which side of the work it is.
  SpanKind kind = SpanKind::internal;
  /// Of another process; null: the span in whose name this code runs, or none.
  TraceContext const* remote_parent = nullptr;
  /// A new trace, whatever runs here.
  bool is_root = false;
  /// The span above, of this process, ends no sooner than this one.
  bool holds_parent = false;
};

/// A span under way, or none: then nothing happens, and nothing costs. Copies are the same span, which ends
/// with `end`, or with the last of them. Belongs to the shard on which it has begun.
class AERIE_API Span {
 public:
  Span() noexcept = default;
  Span(Span const& other) noexcept : span_(other.span_) {
    if (span_ != nullptr) retain();
  }
  Span(Span&& other) noexcept : span_(std::exchange(other.span_, nullptr)) {}
  Span& operator=(Span other) noexcept {
    std::swap(span_, other.span_);
    return *this;
  }
  ~Span() {
    if (span_ != nullptr) [[unlikely]]
      release();
  }

  /// The one in whose name the calling code runs: its handler's, usually. None outside a shard's turn.
  static Span current() noexcept;
  /// Begins one below `current`, or a trace. None if the runtime has no tracer, or outside a shard's turn.
  static Span begin(std::string_view name, SpanKind kind = SpanKind::internal);
  /// For the framework. On the shard.
  static Span begin(core::Shard& shard, SpanStart const& start);

  explicit operator bool() const noexcept { return span_ != nullptr; }
  /// Whether anybody is told of it: what is set otherwise goes nowhere.
  bool recording() const noexcept;
  /// To be told to others: all zeros if there is no span.
  TraceContext context() const;
  /// Gives it another name: when only later it is known what was done.
  void rename(std::string_view name) const;
  /// Sets an attribute, in the place of one of the same name.
  void set(std::string_view name, TraceValue value) const;
  /// Notes that something has happened now.
  void add_event(std::string_view name, std::vector<TraceAttribute> attributes = {}) const;
  /// It has come to nothing, for that reason; what is said last counts.
  void fail(std::string_view why) const;
  /// Ends it, before its last copy goes. What is set afterwards goes nowhere.
  void end() const;

 private:
  friend class SpanScope;
  friend class core::ActiveSpan;
  friend class core::SpanHold;
  explicit Span(core::ActiveSpan* span) noexcept : span_(span) { retain(); }
  void retain() const noexcept;
  void release() noexcept;

  core::ActiveSpan* span_ = nullptr;
};

/// As long as it lives, what runs on the shard does so in the name of a span: log lines carry its ids, and
/// spans that begin are below it. In a coroutine that waits, it is laid aside meanwhile.
class AERIE_API SpanScope {
 public:
  /// Changes nothing if there is no span.
  explicit SpanScope(Span span) noexcept;
  /// For the framework: not in coroutines. An empty span: in nobody's name.
  SpanScope(core::Shard& shard, Span span) noexcept;
  ~SpanScope();
  SpanScope(SpanScope const&) = delete;
  SpanScope& operator=(SpanScope const&) = delete;

 private:
  Span span_;
  Span before_;
  core::Shard* shard_ = nullptr;
  bool always_restores_ = false;
};

namespace core {

/// Keeps a span from its end: it ends with the last of those that hold it.
class AERIE_API SpanHold {
 public:
  SpanHold() noexcept = default;
  explicit SpanHold(Span span) noexcept { hold(std::move(span)); }
  SpanHold(SpanHold&& other) noexcept = default;
  SpanHold& operator=(SpanHold&&) = delete;
  ~SpanHold() {
    if (span_) [[unlikely]]
      let_go();
  }
  /// REQUIRES: it holds none.
  void hold(Span span) noexcept;
  Span const& span() const noexcept { return span_; }

 private:
  void let_go() noexcept;

  Span span_;
};

/// A context for something that is done elsewhere, as if a span had begun: a new number below `span`.
AERIE_API TraceContext context_below(Span const& span);
/// Tells the tracer of a span that was begun by `context_below` and took no time of its own to speak of.
AERIE_API void record_span(Shard& shard, SpanRecord record);

}  // namespace core
}}  // namespace aerie::v1

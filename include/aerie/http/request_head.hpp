#pragma once

/// \file
/// Request line and headers of an HTTP/1.1 request (RFC 9112 §3 and §5), as the strict parser has accepted
/// them.
///
/// Thread contract: a head never changes; handles to it may be copied and read on any thread.

#include <aerie/core/api.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

/// The methods this server knows; a request with another one is answered 501 before anybody sees it.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options, trace, connect };

/// The method as it stands in a request line: `GET`, `DELETE` ...
AERIE_API std::string_view to_string(Method method) noexcept;

/// Header lines that share a name are one line here, as Node.js shows them to its servers
/// (https://nodejs.org/api/http.html#messageheaders): joined by ", ", those of `Cookie` by "; "; of
/// `Authorization`, `Content-Type`, `Host`, `User-Agent` and others that are no lists the first counts.
/// `Set-Cookie` alone may stand there several times.
///
/// A counted handle to a head, 8 bytes. The head itself is one allocation of about its size on the wire: an
/// idle session keeps its handshake's head for its whole life, so no header has a string of its own; lookup
/// scans. What clients have in common such heads share, see KeptHeads.
class AERIE_API RequestHead {
 public:
  RequestHead() noexcept = default;
  RequestHead(RequestHead const& other) noexcept : block_(other.block_) { retain(); }
  RequestHead(RequestHead&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  RequestHead& operator=(RequestHead other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~RequestHead() { release(); }

  /// The head at the beginning of `text`, nothing if it is incomplete or not acceptable. For tests and tools;
  /// a server's heads come from its connections.
  static std::optional<RequestHead> parse(std::string_view text);

  /// False for a default-constructed handle, on which nothing else may be called.
  explicit operator bool() const noexcept { return block_ != nullptr; }

  /// The method, as far as it is one of those that are known.
  Method verb() const noexcept { return block_->method; }
  /// As it is written: "GET".
  std::string_view method() const noexcept { return to_string(block_->method); }
  /// Path and query as they were sent, nothing decoded; of an absolute-form target (RFC 9112 §3.2.2) what
  /// follows the authority. `*` in `OPTIONS *`.
  std::string_view target() const noexcept { return {block_->target(), block_->target_size}; }
  /// The target before its first `?`.
  std::string_view path() const noexcept { return {block_->target(), block_->path_size}; }
  /// The target after its first `?`; empty if there is none.
  std::string_view query() const noexcept {
    auto const begin = std::size_t{block_->path_size} + 1;
    return begin < block_->target_size ? target().substr(begin) : std::string_view{};
  }
  /// 1 for HTTP/1.1, 0 for HTTP/1.0.
  unsigned version_minor() const noexcept { return block_->minor; }

  /// The value of the header of that name (in any case), without the white space around it; empty if there is
  /// none.
  std::string_view header(std::string_view name) const noexcept;
  /// Whether there is a header of that name, in any case.
  bool has(std::string_view name) const noexcept;
  /// The value of the first cookie called `name`, decoded as `cookie_value` does.
  std::optional<std::string> cookie(std::string_view name) const;
  /// Host and port that the client has asked for, as its browser shows them: those of `Host`, or what trusted
  /// proxies say they were (`ServerOptions::trusted_proxies`).
  std::string host() const;
  /// Calls `f(name, value)` for each header, in the order and spelling of the request: lines of one name as
  /// one, where the first of them stood.
  template <class F>
  void each_header(F&& f) const;
  /// Header lines of the request.
  std::size_t header_count() const noexcept { return block_->header_count; }

  /// Whether the peer wants to send another request on this connection (RFC 9112 §9.3).
  bool keep_alive() const noexcept { return block_->keep_alive; }
  /// Whether `Connection` has `upgrade` and there is an `Upgrade` header (RFC 9110 §7.8).
  bool upgrade_requested() const noexcept { return block_->upgrade; }

  /// Bytes of memory that the head takes, without what it shares with others.
  std::size_t memory() const noexcept { return sizeof(Block) + block_->text_size; }

 private:
  friend class HeadBuilder;
  friend class Forwarded;
  friend class KeptHeads;

  /// What heads of one KeptHeads share: the target, if they share that, and the lines, of those that are
  /// their clients' own only the names. `text` follows.
  struct Common {
    std::atomic<std::uint32_t> references{1};
    std::uint32_t keepers = 0;  // handles of KeptHeads that have not been let go, on its thread
    std::uint64_t hash = 0;
    std::uint32_t size = 0;

    char const* text() const noexcept { return reinterpret_cast<char const*>(this + 1); }
    void release() noexcept;
  };

  /// The target's text follows the block, then for each header: the name's length (16 bits), the name, the
  /// value's length (16 bits), the value. Of a name that browsers send only its number stands there, and of a
  /// whole line that nearly all of them send alike, too. Where `shares` is set a pointer to the common part
  /// follows instead, and then what is the client's own of the same: target, and values with their lengths.
  struct Block {
    std::atomic<std::uint32_t> references{1};
    std::uint32_t text_size = 0;
    std::uint16_t target_size = 0;
    std::uint16_t path_size = 0;
    std::uint16_t header_count : 9 = 0;
    /// How many entries of its forwarding headers, from the last one back, trusted proxies have written; and
    /// which headers.
    std::uint16_t trusted_hops : 6 = 0;
    std::uint16_t is_rfc_7239 : 1 = 0;
    Method method = Method::get;
    std::uint8_t minor : 4 = 1;
    bool keep_alive : 1 = false;
    bool upgrade : 1 = false;
    bool shares : 1 = false;
    bool shares_target : 1 = false;

    char const* text() const noexcept { return reinterpret_cast<char const*>(this + 1); }
    char* text() noexcept { return reinterpret_cast<char*>(this + 1); }
    /// REQUIRES: shares.
    Common* common() const noexcept {
      Common* common;
      std::memcpy(&common, text(), sizeof common);
      return common;
    }
    char const* target() const noexcept {
      if (!shares) return text();
      return shares_target ? common()->text() : text() + sizeof(Common*);
    }
  };

  struct Line {
    std::string_view name;
    std::string_view value;
  };
  /// Goes from line to line of a head.
  class Lines {
   public:
    explicit Lines(Block const& block) noexcept : next_(block.text()) {
      if (block.shares) {
        own_ = next_ + sizeof(Common*);
        next_ = block.common()->text();
      }
      (block.shares && !block.shares_target ? own_ : next_) += block.target_size;
    }
    Line take() noexcept {
      auto const number = take_number(next_);
      if (number >= first_known_line) return known_line(number);
      auto const name = number >= first_known ? known_name(number) : take_text(next_, number);
      auto& value = own_ != nullptr && is_own(number) ? own_ : next_;
      auto const size = take_number(value);
      return {name, take_text(value, size)};
    }
    /// Where the next line stands.
    char const* next() const noexcept { return next_; }

   private:
    static std::uint16_t take_number(char const*& at) noexcept {
      std::uint16_t number;
      std::memcpy(&number, at, sizeof number);
      at += sizeof number;
      return number;
    }
    static std::string_view take_text(char const*& at, std::uint16_t size) noexcept {
      std::string_view const text(at, size);
      at += size;
      return text;
    }

    char const* next_;
    char const* own_ = nullptr;  // where `shares` is set: the next value of the client's own
  };

  /// Numbers from here on are no lengths but names, and then lines.
  static constexpr std::uint16_t first_known = 0xFF00;
  static constexpr std::uint16_t first_known_line = 0xFF80;
  static std::string_view known_name(std::uint16_t number) noexcept;
  static Line known_line(std::uint16_t number) noexcept;
  /// Whether values of that name differ from client to client, as do those of all names that are not known.
  static bool is_own(std::uint16_t number) noexcept;
  std::optional<Line> find(std::string_view name) const noexcept;

  void retain() noexcept {
    if (block_ != nullptr) block_->references.fetch_add(1, std::memory_order_relaxed);
  }
  void release() noexcept;

  Block* block_ = nullptr;
};

template <class F>
void RequestHead::each_header(F&& f) const {
  Lines lines(*block_);
  for (unsigned i = 0; i < block_->header_count; ++i) {
    auto const line = lines.take();
    f(line.name, line.value);
  }
}

/// Whether two texts are equal but for the case of ASCII letters.
AERIE_API bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Whether a comma-separated list (`Connection`, `Upgrade`, `Sec-WebSocket-Protocol` ...) has `token`, in any
/// case.
AERIE_API bool list_has_token(std::string_view list, std::string_view token) noexcept;

}}}  // namespace aerie::v1::http

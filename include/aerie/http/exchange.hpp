#pragma once

/// \file
/// One request and its answer, as services such as the Engine.IO server see it.
///
/// Thread contract: all of it is called on the shard of the connection.

#include <aerie/core/api.hpp>
#include <aerie/core/endpoint.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/http/response.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace core {
class Shard;
}

namespace http {

class Exchange;
class OpenExchange;

/// Who answers an exchange later than at once, and keeps a copy of it. Exactly one of these ends its part: it
/// answers or drops the exchange, or it hears `on_aborted`.
class AERIE_API ExchangeOwner {
 public:
  virtual ~ExchangeOwner() = default;
  /// The whole body that `read_body` asked for; valid during the call. The answer may come later.
  virtual void on_body(Exchange& exchange, std::string_view body);
  /// The body is larger than allowed; by default 413 and the end of the connection.
  virtual void on_body_too_large(Exchange& exchange);
  /// With `begin_answer`: more of the answer is welcome.
  virtual void on_room(Exchange&) {}
  /// Whether the answer is of use to a peer that has ended its direction after the request and may still read
  /// (RFC 9112 §9.6): asked when it does. False for a long poll, whose peer has left then; `on_aborted`
  /// follows.
  virtual bool answers_after_end() const noexcept { return true; }
  /// The server closes, and waits for the answer: one that has no end of its own is to end now.
  virtual void on_closing(Exchange&) {}
  /// The peer has gone, or its body was malformed or late and was answered so (400, 408). The exchange is
  /// over.
  virtual void on_aborted(Exchange& exchange) = 0;
};

/// One request being answered: a handle, of which copies may be kept for as long as one likes. The request is
/// over as soon as it is answered or its connection ends: `respond`, `respond_in_chunks`,
/// `respond_and_close`, `respond_busy`, `end_answer`, `drop`, `take_over` and `continue_on` are last calls.
/// From then on every copy is of nothing, and whatever is done with it does nothing: it never gets at the
/// next request of the connection.
class AERIE_API Exchange {
 public:
  /// Of nothing.
  Exchange() noexcept = default;
  Exchange(Exchange const& other) noexcept : Exchange(other.open_) {}
  Exchange& operator=(Exchange const& other) noexcept;
  ~Exchange() { let_go(); }

  /// True until the request is over.
  explicit operator bool() const noexcept { return open_ != nullptr; }

  /// A copy of the head may be kept when the exchange is over; then this one is empty.
  RequestHead const& head() const noexcept;
  /// REQUIRES: it is not over.
  core::Shard& shard() const noexcept;
  /// The client: behind trusted proxies (`ServerOptions::trusted_proxies`) what they say of it, else who is
  /// at the other end of the connection.
  core::Endpoint peer() const;
  /// True if the client has come by https: its connection is TLS', or trusted proxies say so.
  bool secure() const noexcept;
  /// Whether the client asks for another protocol, such as WebSocket.
  bool upgrade_requested() const noexcept { return head().upgrade_requested(); }
  /// The length of the body if it is known (0 if there is none), nothing if it is chunked.
  std::optional<std::uint64_t> content_length() const noexcept;

  /// Reads the whole body, at most `limit` bytes, and calls `owner.on_body`: during this call if it has
  /// arrived already. A Content-Length above the limit calls `on_body_too_large` at once and reads nothing
  /// (RFC 9110 §15.5.14). From here on `owner` owns the exchange, as with `hold`.
  void read_body(ExchangeOwner& owner, std::size_t limit);
  /// The answer comes later, without a deadline. `owner` must outlive the exchange or end it; of one that is
  /// over already it hears `on_aborted`.
  void hold(ExchangeOwner& owner);

  /// Answers. `header_lines` are whole lines, each ended by `\r\n`, without Content-Length, Date and
  /// Connection, which are added; nothing checks them (see `append_header`). The body is `parts` one after
  /// the other. A response to HEAD gets no body bytes, nor do 204 and 304. What is left of an unread body is
  /// skipped if it is small; otherwise the connection ends.
  void respond(int status, std::string_view header_lines, std::span<std::string_view const> parts);
  void respond(int status, std::string_view header_lines, std::string_view body) {
    respond(status, header_lines, std::span<std::string_view const>(&body, 1));
  }
  /// Throws std::invalid_argument, and has done nothing, if a header is not allowed.
  void respond(Response const& response);
  /// The same, with the body in a chunk instead of a Content-Length, as Node.js sends what it is given bit by
  /// bit (RFC 9112 §7.1). A peer of HTTP/1.0 gets a length.
  void respond_in_chunks(int status, std::string_view header_lines, std::string_view body);

  /// Begins an answer whose body of `length` bytes comes part by part, so that it is never in memory as a
  /// whole. Without a length each part becomes a chunk (RFC 9112 §7.1); to a peer of HTTP/1.0 the end of the
  /// connection is that of the body. `owner` owns the exchange until it says `end_answer` behind the last
  /// byte, or `drop` if it cannot go on. False if there is nothing to send (HEAD, a length of 0, a status
  /// without a body): then the exchange is over.
  bool begin_answer(ExchangeOwner& owner, int status, std::string_view header_lines,
                    std::optional<std::uint64_t> length);
  /// False: the peer is slower; `on_room` tells when it has taken what waits. An empty part is none.
  bool write_part(std::string_view part);
  /// Ends the answer that `begin_answer` has begun, behind its last part.
  void end_answer();

  /// Answers with `Connection: close` and ends the connection when the answer is sent.
  void respond_and_close(int status, std::string_view header_lines, std::string_view body);
  void respond_and_close(Response const& response);

  /// Answers that the server takes no more at present: 503, with the time after which the client may ask
  /// again (RFC 9110 §10.2.3), and the end of the connection.
  void respond_busy(std::string_view header_lines = {}, std::string_view body = {},
                    std::chrono::seconds retry_after = std::chrono::seconds{5});

  /// Closes the connection without an answer.
  void drop();

  /// Ends HTTP on this connection: the stream goes to the caller, who sets its own handler in this turn, and
  /// `already_read` is filled with what the peer sent behind the head. For `101 Switching Protocols`, which
  /// the caller writes. The exchange is over, so keep a copy of `head()` first. Null if it was already.
  std::unique_ptr<core::Stream> take_over(std::string& already_read);

  /// Moves the connection to another shard, where the request is dispatched anew. Answers to earlier requests
  /// are sent first; a body must not have been asked for.
  void continue_on(core::Shard& shard);

 private:
  friend class OpenExchange;
  explicit Exchange(OpenExchange* open) noexcept { refer_to(open); }
  void refer_to(OpenExchange* open) noexcept;
  void let_go() noexcept;

  OpenExchange* open_ = nullptr;  // null when it is over
  // The next one of the same request, and the pointer to this one.
  Exchange* next_ = nullptr;
  Exchange** place_ = nullptr;
};

/// Answers the requests below a path.
class AERIE_API Service {
 public:
  virtual ~Service() = default;
  /// A request's head is complete. Called on the connection's shard; with several shards, on several threads.
  /// Before it returns, the exchange must be answered or have an owner; an exception is logged and answered
  /// 500.
  virtual void begin(Exchange& exchange) = 0;
  /// Whether a request below its path is the service's at all. One that is not goes on to services with
  /// shorter paths, then to routes and files.
  virtual bool wants(RequestHead const&) const noexcept { return true; }
  /// What the service is called in explanations: "Socket.IO".
  virtual std::string_view name() const { return {}; }
  /// The option that changes where it is mounted, for the same explanations.
  virtual std::string_view path_option() const { return "path"; }
};

}  // namespace http
}}  // namespace aerie::v1

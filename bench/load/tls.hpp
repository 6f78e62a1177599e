#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace load {

/// What the TLS connections of a run have in common; it outlives them. They speak TLS 1.3 and do not ask who
/// has signed the server's certificate, but do check that the server has its key.
class TlsContext {
 public:
  /// With `resumes` each connection offers the newest ticket that one before it was given. Throws
  /// std::bad_alloc.
  explicit TlsContext(bool resumes);
  TlsContext(TlsContext const&) = delete;
  TlsContext& operator=(TlsContext const&) = delete;
  ~TlsContext();

 private:
  friend class TlsLayer;
  struct Free {
    void operator()(ssl_ctx_st* settings) const noexcept;
    void operator()(ssl_session_st* ticket) const noexcept;
  };

  bool resumes_;
  std::unique_ptr<ssl_ctx_st, Free> settings_;
  std::unique_ptr<ssl_session_st, Free> ticket_;
  std::vector<char> text_;  // what was decrypted last, of any connection
};

/// The client's end of one TLS connection, without I/O: what is to be sent comes out as bytes, and what has
/// arrived goes in.
class TlsLayer {
 public:
  /// The handshake begins: there are bytes to be sent.
  explicit TlsLayer(TlsContext& context);
  TlsLayer(TlsLayer const&) = delete;
  TlsLayer& operator=(TlsLayer const&) = delete;
  ~TlsLayer();

  /// To be sent once the handshake is done; what is written until `take_outgoing` becomes one record, or as
  /// few as hold it.
  void write(std::string_view text) { text_.append(text); }
  /// That nothing more will be sent (close_notify).
  void write_end();
  /// The text that has arrived, valid until the next call for a connection of the context: empty if there is
  /// none yet, none if the peer has ended the connection or broken the protocol.
  std::optional<std::string_view> read(std::string_view received);
  /// Appends what is to be sent now.
  void take_outgoing(std::string& bytes);
  /// Whether `take_outgoing` has something to append.
  bool has_outgoing() const;

  /// Whether the handshake is done on this side.
  bool is_established() const;
  /// Whether a ticket was offered, and whether the server has taken it: then the handshake was resumed.
  bool has_offered() const { return offered_; }
  bool is_resumed() const;

 private:
  struct Free {
    void operator()(ssl_st* connection) const noexcept;
  };
  friend class TlsContext;
  static int on_ticket(ssl_st* connection, ssl_session_st* ticket);

  TlsContext& context_;
  std::unique_ptr<ssl_st, Free> connection_;
  std::string text_;  // waits for the handshake, or for `take_outgoing`
  bool offered_ = false;
};

}  // namespace load

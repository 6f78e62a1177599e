#pragma once

#include <aerie/socketio/parser.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// Which of its server's parsers a client speaks.
using ParserIndex = std::uint8_t;

/// The parsers of one server: the one of its options, and one for each other revision of the protocol that
/// its clients may speak. Filled while the server is made; then any thread.
class ServerParsers {
 public:
  static constexpr std::size_t most = 4;

  explicit ServerParsers(std::shared_ptr<Parser const> main) { add(std::move(main)); }

  ParserIndex add(std::shared_ptr<Parser const> parser) {
    parsers_.push_back(std::move(parser));
    return static_cast<ParserIndex>(parsers_.size() - 1);
  }
  std::size_t size() const noexcept { return parsers_.size(); }
  Parser const& operator[](ParserIndex index) const noexcept { return *parsers_[index]; }

  void client_came(ParserIndex index) const noexcept {
    clients_[index].fetch_add(1, std::memory_order_release);
  }
  void client_went(ParserIndex index) const noexcept {
    clients_[index].fetch_sub(1, std::memory_order_release);
  }
  /// Whether what is sent to many has to be written by this one. The only parser of a server always writes:
  /// so that whoever emits hears what is wrong with the arguments, even when nobody is there.
  bool is_needed(ParserIndex index) const noexcept {
    return parsers_.size() == 1 || clients_[index].load(std::memory_order_acquire) != 0;
  }

 private:
  std::vector<std::shared_ptr<Parser const>> parsers_;
  std::array<std::atomic<std::size_t>, most> mutable clients_{};
};

/// One packet as the parsers of a server write it, each once.
class PacketSet {
 public:
  enum class For : std::uint8_t {
    present,  ///< Clients that are there.
    all,      ///< Also those that come later.
  };

  /// Writes it with every parser that some client of the server speaks, or might. Its memory is used again.
  void encode(ServerParsers const& parsers, OutgoingPacket const& packet, For whom = For::present) {
    encoded_ = 0;
    for (ParserIndex i = 0; i < parsers.size(); ++i) {
      if (whom == For::present && !parsers.is_needed(i)) continue;
      parsers[i].encode(packet, room_for(i));
      encoded_ |= 1U << i;
    }
  }
  /// Null if no client had that parser when the packet was written: whoever has come later is not meant.
  EncodedPacket const* find(ParserIndex index) const noexcept {
    if ((encoded_ & (1U << index)) == 0) return nullptr;
    return index == 0 ? &first_ : &more_[index - 1U];
  }
  /// Bytes of all of it.
  std::size_t size() const noexcept {
    auto size = first_.size();
    for (auto const& packet : more_)
      size += packet.size();
    return size;
  }

 private:
  EncodedPacket& room_for(ParserIndex index) {
    if (index == 0) return first_;
    if (more_.size() < index) more_.resize(index);
    return more_[index - 1U];
  }

  std::uint32_t encoded_ = 0;
  EncodedPacket first_;
  std::vector<EncodedPacket> more_;
};

}}}  // namespace aerie::v1::socketio

/// Many sends by one system call, through Linux' io_uring.

#include "core/joint_sender.hpp"

#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

namespace {

// More at once are no cheaper, and fewer are hardly dearer.
constexpr unsigned ring_entries = 256;

/// Memory that the kernel shares.
class RingMapping {
 public:
  RingMapping() = default;
  ~RingMapping() {
    if (memory_ != nullptr) ::munmap(memory_, size_);
  }
  RingMapping(RingMapping const&) = delete;
  RingMapping& operator=(RingMapping const&) = delete;

  /// False, and `errno`, if it cannot be had.
  bool map(int ring, std::size_t size, std::uint64_t what) noexcept {
    auto* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
                                static_cast<off_t>(what));
    if (memory == MAP_FAILED) return false;
    memory_ = memory;
    size_ = size;
    return true;
  }
  template <class T>
  T* at(std::size_t offset) const noexcept {
    return reinterpret_cast<T*>(static_cast<char*>(memory_) + offset);
  }

 private:
  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

/// With MSG_DONTWAIT the kernel does each send while it is handed over (io_uring(7): a request that must not
/// wait is completed with -EAGAIN), so all have come back when `io_uring_enter` returns.
class SendRing final : public JointSender {
 public:
  ~SendRing() override {
    if (ring_ >= 0) ::close(ring_);
  }

  std::error_code open() {
    sent_.reserve(ring_entries);
    io_uring_params params{};
    ring_ = static_cast<int>(::syscall(SYS_io_uring_setup, ring_entries, &params));
    if (ring_ < 0) return {errno, std::system_category()};
    // Of Linux 5.17; before it a ring's memory counts as locked, of which processes may have little.
    if ((params.features & IORING_FEAT_CQE_SKIP) == 0)
      return std::make_error_code(std::errc::function_not_supported);
    auto const& sq = params.sq_off;
    auto const& cq = params.cq_off;
    // Both queues lie in one mapping (IORING_FEAT_SINGLE_MMAP, older than the above).
    if (!queues_.map(ring_,
                     std::max(sq.array + params.sq_entries * sizeof(unsigned),
                              cq.cqes + params.cq_entries * sizeof(io_uring_cqe)),
                     IORING_OFF_SQ_RING) ||
        !entries_.map(ring_, params.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES)) {
      return {errno, std::system_category()};
    }
    submitted_head_ = queues_.at<unsigned>(sq.head);
    submitted_tail_ = queues_.at<unsigned>(sq.tail);
    submitted_mask_ = *queues_.at<unsigned>(sq.ring_mask);
    completed_head_ = queues_.at<unsigned>(cq.head);
    completed_tail_ = queues_.at<unsigned>(cq.tail);
    completed_mask_ = *queues_.at<unsigned>(cq.ring_mask);
    completions_ = queues_.at<io_uring_cqe>(cq.cqes);
    auto* const order = queues_.at<unsigned>(sq.array);
    for (unsigned i = 0; i < params.sq_entries; ++i)
      order[i] = i;
    return {};
  }

  bool full() const noexcept override { return count_ == ring_entries; }

  void add(int socket, std::string_view bytes, Stream& stream) noexcept override {
    auto& entry = entries_.at<io_uring_sqe>(0)[(*submitted_tail_ + count_++) & submitted_mask_];
    entry = {};
    entry.opcode = IORING_OP_SEND;
    entry.fd = socket;
    entry.addr = reinterpret_cast<std::uintptr_t>(bytes.data());
    entry.len = static_cast<std::uint32_t>(bytes.size());
    entry.msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    entry.user_data = reinterpret_cast<std::uintptr_t>(&stream);
  }

  std::span<Sent const> send() noexcept override {
    sent_.clear();
    auto const count = std::exchange(count_, 0);
    if (count == 0) return sent_;
    auto const begin = *submitted_tail_;
    store(submitted_tail_, begin + count);
    enter(count, count);
    // What the kernel has not begun, because it was interrupted or lacks memory, is not offered again.
    auto const begun = load(submitted_head_) - begin;
    store(submitted_tail_, begin + begun);
    for (auto missing = begun - fetch(); missing > 0; missing -= fetch()) {
      // Nothing is missing here, ever. If it were, and could not be waited for, the bytes might change under
      // the kernel's hands.
      if (!enter(0, missing)) std::abort();
    }
    return sent_;
  }

 private:
  static unsigned load(unsigned* from) noexcept {
    return std::atomic_ref(*from).load(std::memory_order_acquire);
  }
  static void store(unsigned* to, unsigned value) noexcept {
    std::atomic_ref(*to).store(value, std::memory_order_release);
  }

  /// Hands over so many, and waits for so many; false if that fails each time.
  bool enter(unsigned submitted, unsigned awaited) const noexcept {
    auto const done =
        ::syscall(SYS_io_uring_enter, ring_, submitted, awaited, IORING_ENTER_GETEVENTS, nullptr, 0);
    return done >= 0 || errno == EINTR || errno == EAGAIN || errno == EBUSY;
  }

  /// How many have come back.
  unsigned fetch() noexcept {
    auto const begin = *completed_head_;
    auto const end = load(completed_tail_);
    for (auto place = begin; place != end; ++place) {
      auto const& completion = completions_[place & completed_mask_];
      if (completion.res > 0) {
        sent_.push_back(
            {reinterpret_cast<Stream*>(completion.user_data), static_cast<std::size_t>(completion.res)});
      }
    }
    store(completed_head_, end);
    return end - begin;
  }

  int ring_ = -1;
  unsigned count_ = 0;  // added, and not sent
  unsigned submitted_mask_ = 0;
  unsigned completed_mask_ = 0;
  unsigned* submitted_head_ = nullptr;
  unsigned* submitted_tail_ = nullptr;
  unsigned* completed_head_ = nullptr;
  unsigned* completed_tail_ = nullptr;
  io_uring_cqe* completions_ = nullptr;
  RingMapping queues_;
  RingMapping entries_;
  std::vector<Sent> sent_;
};

}  // namespace

std::unique_ptr<JointSender> open_send_ring(std::error_code& error) {
  auto ring = std::make_unique<SendRing>();
  error = ring->open();
  if (error) return nullptr;
  return ring;
}

}}}  // namespace aerie::v1::core

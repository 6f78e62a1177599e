// Would io_uring make a fan-out cheaper? One message goes to N receivers on loopback sockets, again and
// again: by one `send` each, as Aerie does it, or by N submissions handed to the kernel at once, as with
// RuntimeOptions::io_uring. Prints the CPU time of the sending thread per delivery; docs/performance.md has
// the verdict.
//
//     io_uring_bench [RECEIVERS [BYTES]]
#include <arpa/inet.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

int checked(long result, char const* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
  return static_cast<int>(result);
}

/// A ring with room for one submission per receiver.
class Ring {
 public:
  Ring(unsigned entries, std::uint32_t flags) {
    io_uring_params params{};
    params.flags = flags;
    ring_ = checked(syscall(SYS_io_uring_setup, entries, &params), "io_uring_setup");
    // Both rings lie in one mapping (IORING_FEAT_SINGLE_MMAP).
    auto* const rings = map(std::max(params.sq_off.array + params.sq_entries * sizeof(unsigned),
                                     params.cq_off.cqes + params.cq_entries * sizeof(io_uring_cqe)),
                            IORING_OFF_SQ_RING);
    entries_ = static_cast<io_uring_sqe*>(map(params.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES));
    auto const at = [rings](std::uint32_t offset) {
      return reinterpret_cast<unsigned*>(static_cast<char*>(rings) + offset);
    };
    sq_tail_ = at(params.sq_off.tail);
    sq_mask_ = *at(params.sq_off.ring_mask);
    sq_array_ = at(params.sq_off.array);
    cq_head_ = at(params.cq_off.head);
    cq_tail_ = at(params.cq_off.tail);
    cq_mask_ = *at(params.cq_off.ring_mask);
    completions_ = reinterpret_cast<io_uring_cqe*>(static_cast<char*>(rings) + params.cq_off.cqes);
  }
  ~Ring() { ::close(ring_); }
  Ring(Ring const&) = delete;
  Ring& operator=(Ring const&) = delete;

  void register_files(std::vector<int> const& sockets) const {
    checked(syscall(SYS_io_uring_register, ring_, IORING_REGISTER_FILES, sockets.data(), sockets.size()),
            "io_uring_register");
  }

  void queue_send(int socket, std::string const& message, std::uint8_t flags) {
    auto const index = tail_ & sq_mask_;
    auto& entry = entries_[index];
    std::memset(&entry, 0, sizeof entry);
    entry.opcode = IORING_OP_SEND;
    entry.flags = flags;
    entry.fd = socket;
    entry.addr = reinterpret_cast<std::uintptr_t>(message.data());
    entry.len = static_cast<std::uint32_t>(message.size());
    entry.msg_flags = MSG_NOSIGNAL;
    sq_array_[index] = index;
    ++tail_;
  }

  /// Hands everything over and waits until it is done.
  void submit(unsigned count) {
    std::atomic_ref(*sq_tail_).store(tail_, std::memory_order_release);
    checked(syscall(SYS_io_uring_enter, ring_, count, count, IORING_ENTER_GETEVENTS, nullptr, 0),
            "io_uring_enter");
    auto head = *cq_head_;
    auto const tail = std::atomic_ref(*cq_tail_).load(std::memory_order_acquire);
    for (; head != tail; ++head) {
      if (completions_[head & cq_mask_].res < 0) throw std::runtime_error("a send has failed");
    }
    std::atomic_ref(*cq_head_).store(head, std::memory_order_release);
  }

 private:
  void* map(std::size_t size, std::uint64_t offset) const {
    auto* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring_,
                              static_cast<off_t>(offset));
    if (memory == MAP_FAILED) throw std::runtime_error("mmap");
    return memory;
  }

  int ring_;
  io_uring_sqe* entries_;
  io_uring_cqe* completions_;
  unsigned *sq_tail_, *sq_array_, *cq_head_, *cq_tail_;
  unsigned sq_mask_, cq_mask_;
  unsigned tail_ = 0;
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto const seconds = [](timeval const& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Reads and drops everything, in a process of its own; tells by `done` when each round has arrived.
[[noreturn]] void receive(std::vector<int> const& sockets, std::size_t round_bytes, int done) {
  int const epoll = epoll_create1(0);
  for (int const socket : sockets) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
  }
  std::vector<char> buffer(1 << 16);
  std::size_t received = 0;
  while (true) {
    std::array<epoll_event, 512> events;
    auto const count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      auto const size = ::read(events[static_cast<std::size_t>(i)].data.fd, buffer.data(), buffer.size());
      if (size <= 0) std::_Exit(0);
      received += static_cast<std::size_t>(size);
    }
    for (; received >= round_bytes; received -= round_bytes) {
      if (::write(done, "x", 1) != 1) std::_Exit(0);
    }
  }
}

/// Connected pairs of loopback sockets: senders and receivers.
void connect_pairs(std::size_t count, std::vector<int>& senders, std::vector<int>& receivers) {
  int const listener = checked(::socket(AF_INET, SOCK_STREAM, 0), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  checked(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), "bind");
  checked(::listen(listener, 1024), "listen");
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  int const on = 1;
  for (std::size_t i = 0; i < count; ++i) {
    receivers.push_back(checked(::socket(AF_INET, SOCK_STREAM, 0), "socket"));
    checked(::connect(receivers.back(), reinterpret_cast<sockaddr*>(&address), sizeof address), "connect");
    senders.push_back(checked(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK), "accept4"));
    setsockopt(senders.back(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ::close(listener);
}

template <class Round>
double measure(std::size_t receivers, int done, Round round) {
  constexpr int warming = 5;
  constexpr int rounds = 50;
  double begin = 0;
  for (int i = 0; i < warming + rounds; ++i) {
    if (i == warming) begin = cpu_seconds();
    round();
    char byte;
    checked(::read(done, &byte, 1), "read");
  }
  return (cpu_seconds() - begin) * 1e6 / rounds / static_cast<double>(receivers);
}

}  // namespace

int main(int argc, char** argv) try {
  std::size_t const count = argc > 1 ? std::stoul(argv[1]) : 1000;
  std::string const message(argc > 2 ? std::stoul(argv[2]) : 80, 'x');
  std::vector<int> senders;
  std::vector<int> receivers;
  connect_pairs(count, senders, receivers);
  std::array<int, 2> done;
  checked(::pipe(done.data()), "pipe");
  auto const child = fork();
  if (child == 0) receive(receivers, count * message.size(), done[1]);

  constexpr std::uint32_t deferred = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  auto const entries = static_cast<unsigned>(count);
  Ring plain(entries, 0);
  Ring tuned(entries, deferred);
  Ring with_files(entries, deferred);
  with_files.register_files(senders);

  auto const by_ring = [&](Ring& ring) {
    for (int const socket : senders)
      ring.queue_send(socket, message, 0);
    ring.submit(entries);
  };
  // The ways take turns, so that a busy moment of the machine hits all of them.
  std::array<std::vector<double>, 4> micros;
  for (int repetition = 0; repetition < 7; ++repetition) {
    micros[0].push_back(measure(count, done[0], [&] {
      for (int const socket : senders)
        checked(::send(socket, message.data(), message.size(), MSG_NOSIGNAL), "send");
    }));
    micros[1].push_back(measure(count, done[0], [&] { by_ring(plain); }));
    micros[2].push_back(measure(count, done[0], [&] { by_ring(tuned); }));
    micros[3].push_back(measure(count, done[0], [&] {
      for (int i = 0; i < static_cast<int>(senders.size()); ++i)
        with_files.queue_send(i, message, IOSQE_FIXED_FILE);
      with_files.submit(entries);
    }));
  }
  constexpr std::array names{"send", "io_uring", "io_uring, deferred task work",
                             "io_uring, deferred task work, registered sockets"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::ranges::sort(micros[i]);
    std::printf("%-50s %.2f us of CPU per delivery (%.2f to %.2f)\n", names[i], micros[i][3],
                micros[i].front(), micros[i].back());
  }
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
} catch (std::exception const& error) {
  std::fprintf(stderr, "io_uring_bench: %s\n", error.what());
  return 1;
}

#include "engineio/admission.hpp"

#include <arpa/inet.h>
#include <sys/resource.h>

#include <array>
#include <limits>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

std::size_t descriptor_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return std::numeric_limits<std::size_t>::max();
  return limit.rlim_cur;
}

}  // namespace

std::string admission_key(std::string_view address) {
  std::string text(address);
  std::array<char, 16> bytes;
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 8);
  return text;
}

Admission::Admission(ServerOptions const& options)
    : most_(options.max_sessions),
      per_address_(options.max_sessions_per_address),
      per_second_(options.max_new_sessions_per_address) {}

std::size_t Admission::limit() noexcept {
  if (most_ != 0) return most_;
  // Asked again only when it would matter: a program may raise its limit after it has made the server.
  auto limit = descriptors_.load(std::memory_order_relaxed);
  if (open() >= limit) descriptors_.store(limit = descriptor_limit(), std::memory_order_relaxed);
  return limit;
}

Admission::Verdict Admission::enter(std::string_view address, core::TimePoint now) {
  auto const most = limit();
  auto before = open();
  do {
    if (before >= most) return Verdict::too_many;
  } while (!open_.compare_exchange_weak(before, before + 1, std::memory_order_relaxed));
  if (!counts_addresses()) return Verdict::admitted;
  auto const verdict = enter_from(address, now);
  if (verdict != Verdict::admitted) open_.fetch_sub(1, std::memory_order_relaxed);
  return verdict;
}

Admission::Verdict Admission::enter_from(std::string_view address, core::TimePoint now) {
  std::scoped_lock const lock(mutex_);
  forget_the_quiet(now);
  auto& from = addresses_[admission_key(address)];
  if (now - from.second >= std::chrono::seconds{1}) {
    from.second = now;
    from.new_ones = 0;
  }
  if (per_address_ != 0 && from.open >= per_address_) return Verdict::too_many_of_address;
  if (per_second_ != 0 && from.new_ones >= per_second_) return Verdict::too_fast;
  ++from.open;
  ++from.new_ones;
  return Verdict::admitted;
}

void Admission::leave(std::string_view address) {
  open_.fetch_sub(1, std::memory_order_relaxed);
  if (!counts_addresses()) return;
  std::scoped_lock const lock(mutex_);
  if (auto const found = addresses_.find(admission_key(address)); found != addresses_.end())
    --found->second.open;
}

void Admission::forget_the_quiet(core::TimePoint now) {
  if (now - swept_ < std::chrono::seconds{1}) return;
  swept_ = now;
  std::erase_if(addresses_, [now](auto const& entry) {
    return entry.second.open == 0 && now - entry.second.second >= std::chrono::seconds{1};
  });
}

}}}  // namespace aerie::v1::engineio

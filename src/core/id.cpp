#include <aerie/core/base64.hpp>
#include <aerie/core/id.hpp>

#include <sys/random.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

void IdSource::random(char* out, std::size_t size) {
  if (pool_.size() - used_ < size) {
    // Read in blocks: a system call for each id would cost more than the rest of making it.
    std::size_t filled = 0;
    while (filled < pool_.size()) {
      auto const got = ::getrandom(pool_.data() + filled, pool_.size() - filled, 0);
      if (got < 0 && errno != EINTR)
        throw std::system_error(errno, std::system_category(), "aerie: no random bytes");
      if (got > 0) filled += static_cast<std::size_t>(got);
    }
    used_ = 0;
  }
  std::memcpy(out, pool_.data() + used_, size);
  // What has become an id is forgotten here.
  std::memset(pool_.data() + used_, 0, size);
  used_ += size;
}

Id IdSource::next() {
  std::array<char, 15> bytes;
  random(bytes.data(), 12);
  bytes[12] = static_cast<char>(shard_);
  bytes[13] = static_cast<char>(count_ >> 8U);
  bytes[14] = static_cast<char>(count_ & 0xFFU);
  ++count_;
  return Id(base64::encode_url({bytes.data(), bytes.size()}));
}

std::optional<std::uint8_t> shard_of(std::string_view id) noexcept {
  if (id.size() != IdSource::id_size) return std::nullopt;
  auto const tail = base64::decode_url(id.substr(16));
  if (!tail || tail->size() != 3) return std::nullopt;
  return static_cast<std::uint8_t>((*tail)[0]);
}

}}}  // namespace aerie::v1::core

#include <aerie/core/keyed_hash.hpp>
#include <aerie/http/kept_heads.hpp>

#include <cstring>
#include <memory>
#include <new>

namespace aerie { inline namespace v1 { namespace http {

KeptHeads::~KeptHeads() {
  table_.for_each([](Common& common) { common.release(); });
}

RequestHead KeptHeads::keep(RequestHead const& head, Target target) noexcept {
  if (head.block_->shares) {
    ++head.block_->common()->keepers;
    return head;
  }
  try {
    return shared(head, target);
  } catch (std::bad_alloc const&) {
    return head;
  }
}

void KeptHeads::let_go(RequestHead const& head) noexcept {
  if (!head || !head.block_->shares) return;
  auto& common = *head.block_->common();
  if (--common.keepers != 0) return;
  if (last_ == &common) last_ = nullptr;
  charge_.resize(charge_.bytes() - memory_of(common));
  table_.take(KeyOf()(common));
  common.release();
}

/// Puts what the head may share into `text_`, and the rest into `own_`: each as it stands in a block. Lines
/// that follow each other are copied together.
void KeptHeads::take_apart(RequestHead const& head, Target target) {
  auto const& block = *head.block_;
  text_.clear();
  own_.clear();
  auto const* begin = block.text();
  if (target == Target::own) {
    own_.append(head.target());
    begin += block.target_size;
  }
  RequestHead::Lines lines(block);
  for (unsigned i = 0; i < block.header_count; ++i) {
    auto const* const at = lines.next();
    auto const line = lines.take();
    std::uint16_t number;
    std::memcpy(&number, at, sizeof number);
    if (number >= RequestHead::first_known_line || !RequestHead::is_own(number)) continue;
    auto const* const value = line.value.data() - sizeof number;
    text_.append(begin, value);
    own_.append(value, lines.next());
    begin = lines.next();
  }
  text_.append(begin, lines.next());
}

RequestHead KeptHeads::shared(RequestHead const& head, Target target) {
  using Block = RequestHead::Block;
  take_apart(head, target);
  auto const size = sizeof(Common*) + own_.size();
  RequestHead kept;
  kept.block_ = ::new (::operator new(sizeof(Block) + size)) Block;
  auto& block = *kept.block_;
  auto const& whole = *head.block_;
  block.text_size = static_cast<std::uint32_t>(size);
  block.target_size = whole.target_size;
  block.path_size = whole.path_size;
  block.header_count = whole.header_count;
  block.trusted_hops = whole.trusted_hops;
  block.is_rfc_7239 = whole.is_rfc_7239;
  block.method = whole.method;
  block.minor = whole.minor;
  block.keep_alive = whole.keep_alive;
  block.upgrade = whole.upgrade;
  auto* const common = &common_of_text();
  common->references.fetch_add(1, std::memory_order_relaxed);
  ++common->keepers;
  std::memcpy(block.text(), &common, sizeof common);
  std::memcpy(block.text() + sizeof common, own_.data(), own_.size());
  block.shares = true;
  block.shares_target = target == Target::common;
  return kept;
}

/// Many clients that come at once are alike: the last one's is looked at first.
RequestHead::Common& KeptHeads::common_of_text() {
  if (last_ != nullptr && KeyOf()(*last_).text == text_) return *last_;
  Key const key{text_, core::keyed_hash(text_)};
  last_ = table_.find(key);
  if (last_ != nullptr) return *last_;
  auto const release = [](Common* unused) { unused->release(); };
  std::unique_ptr<Common, decltype(release)> made(::new (::operator new(sizeof(Common) + text_.size()))
                                                      Common);
  made->hash = key.hash;
  made->size = static_cast<std::uint32_t>(text_.size());
  std::memcpy(reinterpret_cast<char*>(made.get() + 1), text_.data(), text_.size());
  table_.insert(made.get());
  charge_.resize(charge_.bytes() + memory_of(*made));
  return *(last_ = made.release());
}

/// With the allocator's head, and its places in the table.
std::size_t KeptHeads::memory_of(Common const& common) noexcept {
  constexpr std::size_t beside = 32;
  return sizeof(Common) + common.size + beside;
}

}}}  // namespace aerie::v1::http

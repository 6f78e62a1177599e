#include <aerie/core/out_queue.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace core {

bool OutQueue::Slice::can_grow_by(std::size_t size) const noexcept {
  // Only a chunk that nobody else appends to, or everybody who stands at its end, may grow under this queue.
  return end == chunk->size() && chunk->room() >= size && chunk->burst_ == nullptr &&
         (chunk->common_ || !chunk->shared());
}

OutQueue::Slice OutQueue::own(Slice const& slice, std::size_t capacity) {
  auto chunk = ChunkRef::make(std::max<std::size_t>(slice.size(), capacity));
  chunk->append(slice.bytes());
  return {std::move(chunk), 0, slice.size()};
}

void OutQueue::push(Slice slice) {
  bytes_ += slice.size();
  if (empty()) {
    first_ = std::move(slice);
    return;
  }
  if (!rest_) rest_ = std::make_unique<Rest>();
  rest_->slices.push_back(std::move(slice));
}

char* OutQueue::prepare(std::size_t size, CommonChunk& common) {
  if (!empty()) {
    auto& tail = last();
    if (tail.can_grow_by(size)) return tail.chunk->end();
    // Where others have written behind it, a queue goes on in a chunk of its own, so that what it sends is
    // still one part.
    if (tail.chunk->common_) {
      tail = own(tail, std::max(tail.size() + size, usual_chunk));
      return tail.chunk->end();
    }
  }
  auto chunk = common.with_room_for(size);
  auto const begin = chunk->size();
  push({std::move(chunk), begin, begin});
  return last().chunk->end();
}

void OutQueue::commit(std::size_t size) noexcept {
  auto& tail = last();
  tail.chunk->grow(static_cast<std::uint32_t>(size));
  tail.end += static_cast<std::uint32_t>(size);
  bytes_ += size;
  drop_empty_tail();
}

void OutQueue::append(std::string_view bytes, CommonChunk& common) {
  if (bytes.empty()) return;
  std::copy(bytes.begin(), bytes.end(), prepare(bytes.size(), common));
  commit(bytes.size());
}

void OutQueue::append(ChunkRef chunk) {
  auto const size = chunk->size();
  if (size > 0) push({std::move(chunk), 0, size});
}

void OutQueue::append_open(ChunkRef chunk, std::uint32_t begin) {
  if (empty()) {
    first_ = {std::move(chunk), begin, open_end};
    return;
  }
  auto& tail = last();
  if (tail.chunk.get() == chunk.get() && tail.end == begin) {
    bytes_ -= tail.size();
    tail.end = open_end;
    return;
  }
  push({std::move(chunk), begin, open_end});
}

Burst* OutQueue::close_open() noexcept {
  if (empty()) return nullptr;
  auto& tail = last();
  if (tail.end != open_end) return nullptr;
  tail.end = tail.chunk->size();
  bytes_ += tail.size();
  auto* const burst = tail.chunk->burst_;
  drop_empty_tail();
  return burst;
}

void OutQueue::drop_tail() noexcept {
  if (!rest_) {
    clear();
    return;
  }
  rest_->slices.pop_back();
  if (rest_->next == rest_->slices.size()) rest_.reset();
}

std::size_t OutQueue::gather(std::span<iovec> parts) const noexcept {
  if (empty()) return 0;
  auto const fill = [](iovec& part, Slice const& slice) {
    part.iov_base = const_cast<char*>(slice.chunk->data()) + slice.begin;
    part.iov_len = slice.size();
  };
  std::size_t count = 0;
  fill(parts[count++], first_);
  if (!rest_) return count;
  for (auto i = std::size_t{rest_->next}; i < rest_->slices.size() && count < parts.size(); ++i)
    fill(parts[count++], rest_->slices[i]);
  return count;
}

void OutQueue::consume_some(std::size_t size) noexcept {
  bytes_ -= size;
  while (!empty()) {
    if (size < first_.size()) {
      first_.begin += static_cast<std::uint32_t>(size);
      return;
    }
    size -= first_.size();
    if (rest_) {
      advance();
    } else {
      clear();
    }
  }
}

void OutQueue::advance() noexcept {
  auto& [slices, next, kept, held] = *rest_;
  if (next < kept) held -= slices[next].held();
  first_ = std::move(slices[next++]);
  if (next == slices.size()) {
    rest_.reset();
  } else if (next >= 64 && next * 2 >= slices.size()) {
    // The queue of a peer that is always a little behind is never empty, and must not grow for ever.
    slices.erase(slices.begin(), slices.begin() + next);
    kept -= std::min(kept, next);
    next = 0;
  }
}

bool OutQueue::Slice::wasteful() const noexcept {
  if (chunk->common_ || size() < usual_chunk) return true;
  return size() <= most_copied && chunk->capacity_ - size() > size() / 64;
}

void OutQueue::move_bytes(Slice& slice, Slice& to) noexcept {
  if (to.chunk->common_ || !to.can_grow_by(0)) return;
  auto const size = std::min(slice.size(), to.chunk->room());
  to.chunk->append(slice.bytes().substr(0, size));
  to.end += size;
  slice.begin += size;
}

std::size_t OutQueue::Rest::copied_from(std::size_t i) const noexcept {
  std::size_t bytes = 0;
  for (; i < slices.size() && slices[i].wasteful(); ++i) {
    bytes += slices[i].size();
    if (bytes >= usual_chunk) break;
  }
  // The end of the queue goes on.
  return i < slices.size() ? bytes : usual_chunk;
}

void OutQueue::keep() {
  if (empty()) return;
  // The head shrinks while it is sent: what is copied each time it has halved is copied once, in sum.
  auto const mostly_sent = first_.size() <= most_copied && first_.size() < first_.chunk->capacity_ / 2;
  if (first_.chunk->common_ || (mostly_sent && first_.chunk->capacity_ > usual_chunk))
    first_ = own(first_, usual_chunk);
  if (!rest_) return;
  auto& [slices, next, kept, held] = *rest_;
  auto end = std::max(kept, next);
  for (auto i = std::size_t{end}; i < slices.size(); ++i) {
    auto slice = std::move(slices[i]);
    if (slice.wasteful()) {
      move_bytes(slice, end > next ? slices[end - 1] : first_);
      if (slice.size() == 0) continue;
      slice = own(slice, std::min(slice.size() + rest_->copied_from(i + 1), usual_chunk));
    }
    held += slice.held();
    slices[end++] = std::move(slice);
  }
  slices.resize(end);
  kept = end;
  if (next == end) {
    rest_.reset();
  } else if (slices.capacity() > 2 * slices.size() + 16) {
    slices.shrink_to_fit();
  }
}

std::size_t OutQueue::bytes_with_open() const noexcept {
  if (!ends_open()) return bytes_;
  auto const& open = last();
  return bytes_ + open.chunk->size() - open.begin;
}

std::size_t OutQueue::held() const noexcept {
  if (empty()) return 0;
  if (!rest_) return first_.held();
  return first_.held() + rest_->held + sizeof(Rest) + rest_->slices.capacity() * sizeof(Slice);
}

void OutQueue::clear() noexcept {
  first_.chunk = {};
  rest_.reset();
  bytes_ = 0;
}

}}}  // namespace aerie::v1::core

#include <aerie/core/out_queue.hpp>

#include <algorithm>

namespace aerie::inline v1::core {

void OutQueue::push(Slice slice) {
  bytes_ += slice.size();
  if (empty()) {
    first_ = std::move(slice);
  } else {
    rest_.push_back(std::move(slice));
  }
}

char* OutQueue::prepare(std::size_t size) {
  if (!empty()) {
    auto& tail = last();
    // Only a chunk that nobody else refers to may grow under this queue.
    auto const own = tail.end == tail.chunk->size() && !tail.chunk->shared() && tail.chunk->burst_ == nullptr;
    if (own && tail.chunk->room() >= size) return tail.chunk->end();
  }
  // A second write in the same turn suggests more: give it room to be joined.
  auto chunk = ChunkRef::make(empty() ? std::max(size, std::size_t{256}) : std::max(size, small_chunk * 4));
  auto* const at = chunk->end();
  push({std::move(chunk), 0, 0});
  return at;
}

void OutQueue::commit(std::size_t size) noexcept {
  auto& tail = last();
  tail.chunk->grow(static_cast<std::uint32_t>(size));
  tail.end += static_cast<std::uint32_t>(size);
  bytes_ += size;
  drop_empty_tail();
}

void OutQueue::append(std::string_view bytes) {
  if (bytes.empty()) return;
  std::copy(bytes.begin(), bytes.end(), prepare(bytes.size()));
  commit(bytes.size());
}

void OutQueue::append(ChunkRef chunk) {
  auto const size = chunk->size();
  if (size > 0) push({std::move(chunk), 0, size});
}

void OutQueue::append_open(ChunkRef chunk, std::uint32_t begin) {
  if (!empty()) {
    auto& tail = last();
    if (tail.chunk.get() == chunk.get() && tail.end == begin) {
      bytes_ -= tail.size();
      tail.end = open_end;
      return;
    }
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

void OutQueue::drop_empty_tail() noexcept {
  // A part without bytes would look like a peer that takes none.
  if (last().size() > 0) return;
  if (rest_.empty()) {
    clear();
    return;
  }
  rest_.pop_back();
  if (next_ == rest_.size()) forget_sent();
}

std::size_t OutQueue::gather(std::span<iovec> parts) const noexcept {
  if (empty()) return 0;
  auto const fill = [](iovec& part, Slice const& slice) {
    part.iov_base = const_cast<char*>(slice.chunk->data()) + slice.begin;
    part.iov_len = slice.size();
  };
  std::size_t count = 0;
  fill(parts[count++], first_);
  for (auto i = std::size_t{next_}; i < rest_.size() && count < parts.size(); ++i)
    fill(parts[count++], rest_[i]);
  return count;
}

void OutQueue::consume(std::size_t size) noexcept {
  bytes_ -= size;
  while (!empty()) {
    if (size < first_.size()) {
      first_.begin += static_cast<std::uint32_t>(size);
      return;
    }
    size -= first_.size();
    if (rest_.empty()) {
      clear();
    } else {
      advance();
    }
  }
}

void OutQueue::advance() noexcept {
  first_ = std::move(rest_[next_++]);
  // The queue of a peer that is always a little behind is never empty, and must not grow for ever.
  if (next_ == rest_.size() || (next_ >= 64 && next_ * 2 >= rest_.size())) forget_sent();
}

void OutQueue::forget_sent() noexcept {
  rest_.erase(rest_.begin(), rest_.begin() + next_);
  next_ = 0;
}

void OutQueue::clear() noexcept {
  first_ = {};
  rest_ = {};
  next_ = 0;
  bytes_ = 0;
}

}  // namespace aerie::inline v1::core

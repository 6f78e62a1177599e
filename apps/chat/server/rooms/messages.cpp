#include "rooms/messages.hpp"

#include "errors.hpp"
#include "images.hpp"
#include "random_bytes.hpp"
#include "text.hpp"

#include <aerie/core/hex.hpp>

#include <utility>

namespace chat {

namespace {

/// In characters; what is longer is not looked for.
constexpr std::size_t longest_search = 100;

void check_length(std::string const& content) {
  if (text::length(content) > longest_content) {
    throw ChatError(ErrorCode::too_long, "The message is longer than 2000 characters.");
  }
}

void check(std::string const& content) {
  check_length(content);
  if (text::trimmed(content).empty()) throw ChatError(ErrorCode::empty, "The message is empty.");
}

void check_client_id(NewMessage const& message) {
  if (message.client_id.empty() || message.client_id.size() > longest_client_id) {
    throw ChatError(ErrorCode::bad_request,
                    "clientId: expected 1 to 128 characters, another id for each message.");
  }
}

}  // namespace

aerie::Task<Message> Messages::send(NewMessage message) {
  check(message.content);
  auto stored = co_await append(std::move(message));
  co_return stored;
}

aerie::Task<Message> Messages::send_image(NewMessage message, aerie::Bytes image) {
  check_length(message.content);
  if (image.size() > largest_image)
    throw ChatError(ErrorCode::image_too_large, "The image is larger than 1 MiB.");
  auto const format = images::format_of(image.view());
  if (!format) {
    throw ChatError(ErrorCode::invalid_image,
                    "An image is PNG, JPEG, GIF or WebP, and has at most 16384 pixels on a side.");
  }
  ImageInfo info{aerie::core::hex(random_bytes(16)), std::string(format->type), format->width,
                 format->height};
  message.image = NewImage{std::move(info), std::move(image), image_quota_};
  auto stored = co_await append(std::move(message));
  co_return stored;
}

aerie::Task<std::optional<StoredImage>> Messages::image(std::string_view key) {
  // What is no key of ours is nobody's.
  if (key.size() != 32 || !text::is_name(key, key.size())) co_return std::nullopt;
  auto image = co_await store_.image(std::string(key));
  co_return image;
}

aerie::Task<Message> Messages::append(NewMessage message) {
  check_client_id(message);
  auto const room = message.room;
  auto stored = co_await store_.append(std::move(message));
  if (stored.chat_room_id != room) {
    throw ChatError(
        ErrorCode::bad_request,
        "clientId: this is the id of a message in another room; take another id for each message.");
  }
  co_return stored;
}

aerie::Task<Message> Messages::change(MessageChange change) {
  if (change.content) check(*change.content);
  auto outcome = co_await store_.change(std::move(change));
  if (outcome.is_anothers) throw ChatError(ErrorCode::not_yours, "Only its sender can change a message.");
  if (!outcome.message) throw ChatError(ErrorCode::not_found, "There is no such message, or not any more.");
  co_return std::move(*outcome.message);
}

aerie::Task<MessagePage> Messages::search(RoomId room, std::string_view text, std::optional<MessageId> before,
                                          std::size_t limit) {
  auto wanted = std::string(text::trimmed(text));
  if (wanted.empty()) throw ChatError(ErrorCode::empty, "q: expected what is to be looked for.");
  if (text::length(wanted) > longest_search) {
    throw ChatError(ErrorCode::too_long, "q: at most 100 characters are looked for.");
  }
  auto page = co_await store_.search(room, std::move(wanted), before, limit);
  co_return page;
}

}  // namespace chat

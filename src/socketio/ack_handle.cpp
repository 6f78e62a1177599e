// What acknowledgements of servers and clients have in common.
#include <aerie/socketio/ack.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

std::string_view to_string(AckError error) noexcept {
  switch (error) {
    case AckError::none:
      return "";
    case AckError::timeout:
      return "operation has timed out";
    case AckError::disconnected:
      return "socket has been disconnected";
    case AckError::unreachable:
      return "a server has not answered";
  }
  return "";
}

namespace socketio {

std::shared_ptr<AckState> const& AckHandle::share() const {
  if (socket_ != nullptr) state_ = owner_->keep(*std::exchange(socket_, nullptr), id_, answered_);
  return state_;
}

void AckHandle::answer(ArgsRef args) const {
  if (state_) return state_->answer(args);
  if (socket_ == nullptr || std::exchange(answered_, true)) return;
  owner_->answer(*socket_, id_, args);
}

}  // namespace socketio
}}  // namespace aerie::v1

#include "cluster/request_table.hpp"

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::RequestId;

std::size_t RequestTable::Open::missing() const noexcept {
  if (!others) return 0;
  auto const accounted = answers + gone;
  return *others > accounted ? *others - accounted : 0;
}

std::size_t RequestTable::Open::give_up(std::size_t servers) noexcept {
  auto const given_up = std::min(servers, missing());
  gone += given_up;
  return given_up;
}

void RequestTable::open(std::string id, socketio::ClusterMessage const& message, core::TimePoint deadline) {
  names_.insert_or_assign(id, message.request);
  open_.insert_or_assign(message.request,
                         Open{.id = std::move(id), .nsp = message.nsp, .deadline = deadline, .others = {}});
}

void RequestTable::close(RequestId request) {
  auto const found = open_.find(request);
  if (found == open_.end()) return;
  names_.erase(found->second.id);
  open_.erase(found);
}

void RequestTable::clear() {
  open_.clear();
  names_.clear();
}

std::optional<RequestId> RequestTable::find(std::string_view id) const {
  auto const found = names_.find(std::string(id));
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t RequestTable::asked(RequestId request, std::size_t others) {
  auto const found = open_.find(request);
  if (found == open_.end()) return others;
  auto& open = found->second;
  open.others = std::max(others, open.answers);
  return *open.others;
}

void RequestTable::answered(RequestId request) {
  auto const found = open_.find(request);
  if (found == open_.end()) return;
  ++found->second.answers;
  found->second.is_lively = true;
}

std::vector<RequestTable::Gone> RequestTable::counted(std::string_view nsp, std::size_t others) {
  std::vector<Gone> gone;
  for (auto& [request, open] : open_) {
    if (open.nsp != nsp || open.missing() == 0) continue;
    bool const was_lively = std::exchange(open.is_lively, false);
    if (others >= *open.others) continue;
    auto const left = *open.others - others;
    // At best all who have answered are among those who left, and so were those who were given up.
    auto const certain = left > open.answers + open.gone ? left - open.answers - open.gone : 0;
    auto given_up = open.give_up(certain);
    if (!was_lively && open.answers >= others) given_up += open.give_up(open.missing());
    if (given_up > 0) gone.push_back({request, given_up});
  }
  return gone;
}

std::vector<RequestTable::Gone> RequestTable::expired(core::TimePoint now) {
  std::vector<Gone> gone;
  for (auto& [request, open] : open_) {
    if (open.deadline > now) continue;
    if (auto const given_up = open.give_up(open.missing()); given_up > 0) gone.push_back({request, given_up});
  }
  return gone;
}

std::vector<std::string> RequestTable::waiting() const {
  std::vector<std::string> namespaces;
  for (auto const& [request, open] : open_) {
    if (open.missing() > 0 && std::find(namespaces.begin(), namespaces.end(), open.nsp) == namespaces.end())
      namespaces.push_back(open.nsp);
  }
  return namespaces;
}

}}}  // namespace aerie::v1::cluster

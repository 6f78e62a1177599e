#pragma once

#include <aerie/core/log.hpp>
#include <aerie/core/question.hpp>
#include <aerie/socketio/namespace.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

class ServerLink;

/// The namespaces of a server, by name, and those parents that make some when they are asked for. A new one
/// is seen by nobody else before the listeners to new namespaces have run. Thread-safe.
class NamespaceRegistry {
 public:
  NamespaceRegistry(std::shared_ptr<ServerLink const> server, Logger const& log, bool forgets_empty);

  /// The namespace of that name; null if there is none, or not yet.
  std::shared_ptr<Namespace> find(std::string_view name) const;
  std::vector<std::shared_ptr<Namespace>> all() const;
  std::vector<std::shared_ptr<Namespace>> children(HandlerSet const& parent) const;
  /// In the order of their creation. They live as long as the server.
  std::vector<ParentNamespace*> parents() const;

  /// The namespace of that name, made if need be: it stays, whoever comes and goes. What a listener throws is
  /// the caller's; there is no such namespace then.
  Namespace& keep(std::string_view name);
  ParentNamespace& add_parent(ParentNamespace::Predicate predicate,
                              std::function<bool(std::string_view)> adopts);
  void on_new_namespace(std::function<void(Namespace&)> listener);

  enum class Found { yes, no, being_made, failed };
  struct Acquired {
    Found found = Found::no;
    std::shared_ptr<Namespace> nsp{};
  };
  /// Counts a socket in, so that the namespace stays until it is released. A `parent` makes it if there is
  /// none; it has failed if a listener has thrown, which is reported.
  Acquired acquire(std::string_view name, ParentNamespace* parent);
  /// `made` is told when the namespace of that name is no longer being made. False if it is not.
  bool wait_for(std::string_view name, core::Reply<bool> made);
  void release(Namespace& nsp);

 private:
  struct Entry {
    std::shared_ptr<Namespace> nsp;
    bool being_made = true;
    std::vector<core::Reply<bool>> waiting{};
  };
  using Entries = std::map<std::string, Entry, std::less<>>;
  struct Parent {
    std::unique_ptr<ParentNamespace> nsp;
    std::function<bool(std::string_view)> adopts;
  };

  Entry& insert(std::string_view name, ParentNamespace* parent);
  void tell_listeners(Namespace& nsp) const;
  void made(Namespace& nsp, bool succeeded);
  void tell_cluster(std::string const& name, bool made) const;
  void retire(std::shared_ptr<Namespace> nsp) const;

  std::shared_ptr<ServerLink const> server_;
  Logger const& log_;
  bool forgets_empty_;
  std::mutex mutable mutex_;
  Entries entries_;
  std::vector<Parent> parents_;
  std::vector<std::shared_ptr<std::function<void(Namespace&)> const>> new_namespace_;
};

}}}  // namespace aerie::v1::socketio

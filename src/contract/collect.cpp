#include "contract/names.hpp"
#include "contract/ws_error.hpp"

#include <aerie/contract/contract.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/schema/codec.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace contract {

bool Type::operator==(Type const& other) const {
  return kind == other.kind && codec == other.codec && members == other.members && parts == other.parts;
}

Type Type::of(TypeOps const* codec) {
  Type type;
  if (codec == nullptr || codec->shape.kind == TypeKind::any || codec->shape.kind == TypeKind::other)
    return type;
  type.kind = Kind::codec;
  type.codec = codec;
  return type;
}

namespace {

/// Adds `more` to what `type` is, so that it is one of both or, for `all_of`, both at once.
void combine(Type& type, Type more, Type::Kind how) {
  if (type == more) return;
  // Whatever it is takes everything in, and demands nothing.
  bool const is_any = how == Type::Kind::any_of;
  if (type.kind == Type::Kind::unknown || more.kind == Type::Kind::unknown) {
    if (is_any != (type.kind == Type::Kind::unknown)) type = std::move(more);
    return;
  }
  if (type.kind != how) {
    Type whole;
    whole.kind = how;
    whole.parts.push_back(std::move(type));
    type = std::move(whole);
  }
  if (std::ranges::find(type.parts, more) == type.parts.end()) type.parts.push_back(std::move(more));
}

void combine(std::vector<Type>& types, std::vector<Type> const& more, Type::Kind how) {
  for (std::size_t i = 0; i < more.size(); ++i) {
    if (i < types.size()) {
      combine(types[i], more[i], how);
    } else {
      types.push_back(more[i]);
    }
  }
}

void add_member(Type& object, Member member) {
  auto const is_it = [&](Member const& other) { return other.name == member.name; };
  auto const known = std::ranges::find_if(object.members, is_it);
  if (known == object.members.end()) {
    object.members.push_back(std::move(member));
  } else {
    combine(known->type, std::move(member.type), Type::Kind::all_of);
  }
}

Member member_of(gateway::PipedParameter const& parameter) {
  return {std::string(parameter.name), Type::of(parameter.type), parameter.type->make_absent == nullptr};
}

/// What is taken out of a payload: all of it, single members, or both.
class Payload {
 public:
  void add(gateway::PipedParameter const& parameter) {
    is_there_ = true;
    if (parameter.name.empty()) {
      combine(whole_, Type::of(parameter.type), Type::Kind::all_of);
    } else {
      members_.kind = Type::Kind::object;
      add_member(members_, member_of(parameter));
    }
  }
  bool is_there() const { return is_there_; }
  Type take() {
    if (members_.kind == Type::Kind::object) combine(whole_, std::move(members_), Type::Kind::all_of);
    return std::move(whole_);
  }

 private:
  bool is_there_ = false;
  Type whole_;
  Type members_;
};

std::vector<Type> arguments_of(gateway::HandlerDescription const& handler) {
  std::vector<Type> arguments;
  Payload payload;
  for (auto const& parameter : handler.piped) {
    if (parameter.source != ArgumentSource::body) continue;
    if (!parameter.argument) {
      payload.add(parameter);
      continue;
    }
    if (arguments.size() <= *parameter.argument) arguments.resize(*parameter.argument + 1);
    combine(arguments[*parameter.argument], Type::of(parameter.type), Type::Kind::all_of);
  }
  if (payload.is_there()) combine(arguments, {payload.take()}, Type::Kind::all_of);
  return arguments;
}

using AckKind = Acknowledgement::Kind;

Acknowledgement acknowledgement_of(gateway::Subscription const& subscription) {
  if (subscription.acknowledgement != nullptr)
    return {AckKind::given, {Type::of(subscription.acknowledgement)}};
  auto const& handler = *subscription.handler;
  if (handler.answer == nullptr) return {};
  auto const& answer = *handler.answer;
  if (handler.answers_by_hand) {
    if (answer.by_hand.empty()) return {AckKind::possible};
    Acknowledgement given{AckKind::given};
    for (auto const* const type : answer.by_hand)
      given.arguments.push_back(Type::of(type));
    return given;
  }
  if (answer.kind == gateway::AnswerKind::value) return {AckKind::given, {Type::of(answer.type)}};
  if (answer.kind == gateway::AnswerKind::dynamic) return {AckKind::possible};
  if (subscription.always_acknowledges) return {AckKind::given};
  return {};
}

/// Of several handlers the first answer counts, whichever it is.
void merge(Acknowledgement& known, Acknowledgement more) {
  if (more.kind == AckKind::none) return;
  if (known.kind == AckKind::none) {
    known = std::move(more);
  } else if (known.kind != more.kind || known.kind == AckKind::possible) {
    known = {AckKind::possible};
  } else {
    combine(known.arguments, more.arguments, Type::Kind::any_of);
  }
}

void append(std::string& text, std::string const& more) {
  if (more.empty() || text.find(more) != std::string::npos) return;
  text.append(text.empty() ? "" : "\n").append(more);
}

void add_event(std::vector<Event>& events, Event event, Type::Kind how) {
  auto const known =
      std::ranges::find_if(events, [&](Event const& other) { return other.name == event.name; });
  if (known == events.end()) {
    events.push_back(std::move(event));
    return;
  }
  append(known->description, event.description);
  combine(known->arguments, event.arguments, how);
  known->has_any_arguments |= event.has_any_arguments;
  merge(known->acknowledgement, std::move(event.acknowledgement));
}

/// Where a refused message is acknowledged, it may be answered so as well.
void add_refusal(Acknowledgement& acknowledgement, TypeOps const* refusal) {
  if (refusal == nullptr || acknowledgement.kind != AckKind::given) return;
  if (acknowledgement.arguments.empty()) return;
  combine(acknowledgement.arguments.front(), Type::of(refusal), Type::Kind::any_of);
}

void add_gateway(NamespaceContract& nsp, gateway::GatewayDescription const& description) {
  append(nsp.description, description.description);
  auto const* const refusal = description.refusal != nullptr ? description.refusal
                              : description.answers_errors   ? &type_ops<WsError>
                                                             : nullptr;
  for (auto const& subscription : description.subscriptions) {
    Event event{subscription.event, subscription.description};
    event.arguments = arguments_of(*subscription.handler);
    auto const* const answer = subscription.handler->answer;
    event.has_any_arguments = answer != nullptr && answer->takes_any_arguments;
    event.acknowledgement = acknowledgement_of(subscription);
    add_refusal(event.acknowledgement, refusal);
    add_event(nsp.incoming, std::move(event), Type::Kind::all_of);
  }
  for (auto const& emission : description.emissions) {
    Event event{emission.event, emission.description};
    for (auto const* const type : emission.arguments)
      event.arguments.push_back(Type::of(type));
    if (emission.acknowledgement != nullptr)
      event.acknowledgement = {AckKind::given, {Type::of(emission.acknowledgement)}};
    add_event(nsp.outgoing, std::move(event), Type::Kind::any_of);
  }
  // Who waits for no acknowledgement is told so in any case, unless a filter makes something else of errors.
  if (description.refusal == nullptr && !description.subscriptions.empty()) {
    Event event{"exception", "A message that was refused."};
    event.arguments.push_back(Type::of(&type_ops<WsError>));
    add_event(nsp.outgoing, std::move(event), Type::Kind::any_of);
  }
  if (description.auth != nullptr) {
    if (!nsp.auth) nsp.auth.emplace(Type::of(description.auth));
    combine(*nsp.auth, Type::of(description.auth), Type::Kind::all_of);
  }
  nsp.error_codes.insert(nsp.error_codes.end(), description.error_codes.begin(),
                         description.error_codes.end());
}

NamespaceContract& namespace_of(Contract& contract, gateway::GatewayDescription const& description) {
  auto const name = description.pattern.empty() ? description.nsp : std::string();
  for (auto& known : contract.namespaces) {
    if (known.name == name && known.pattern == description.pattern) return known;
  }
  auto& added = contract.namespaces.emplace_back();
  added.name = name;
  added.pattern = description.pattern;
  if (name == "/") return added;
  auto const wanted = name.empty() ? without_suffix(description.type->name, "Gateway") : pascal_case(name);
  added.prefix = free_name(wanted.empty() ? "Namespace" : wanted, [&](std::string const& prefix) {
    return std::ranges::none_of(
        contract.namespaces, [&](auto const& other) { return &other != &added && other.prefix == prefix; });
  });
  return added;
}

RouteContract route_of(gateway::DescribedRoute const& described) {
  auto const& route = *described.route;
  RouteContract contract;
  contract.method = http::to_string(route.method);
  contract.path = described.path;
  contract.description = route.description;
  contract.controller = described.controller->type->name;
  contract.handler = route.handler->name;
  contract.takes_files = route.handler->takes_files || route.multipart;
  contract.is_event_stream = route.is_event_stream;
  contract.versions = described.versions;
  contract.status = route.status.value_or(route.method == http::Method::post ? 201 : 200);
  if (described.controller->error != nullptr) contract.error = Type::of(described.controller->error);

  Payload body;
  for (auto const& parameter : route.handler->piped) {
    if (parameter.source == ArgumentSource::body) body.add(parameter);
    if (parameter.source == ArgumentSource::query) contract.query.push_back(member_of(parameter));
    if (parameter.source == ArgumentSource::header) contract.headers.push_back(member_of(parameter));
    if (parameter.source == ArgumentSource::param) contract.path_parameters.push_back(member_of(parameter));
  }
  if (body.is_there()) contract.body = body.take();

  if (route.answer != nullptr) {
    contract.answer = Type::of(route.answer);
  } else if (auto const* const answer = route.handler->answer) {
    if (answer->kind != gateway::AnswerKind::nothing) contract.answer = Type::of(answer->type);
  }
  return contract;
}

}  // namespace

Contract collect(std::vector<gateway::Descriptions> descriptions) {
  Contract contract;
  contract.descriptions = std::move(descriptions);
  for (auto const& application : contract.descriptions) {
    for (auto const& gateway : application.gateways)
      add_gateway(namespace_of(contract, *gateway), *gateway);
    for (auto const& route : application.routes) {
      if (route.controller->is_undocumented) continue;
      auto const is_it = [&](RouteContract const& other) {
        return other.method == http::to_string(route.route->method) && other.path == route.path &&
               other.versions == route.versions;
      };
      if (std::ranges::none_of(contract.routes, is_it)) contract.routes.push_back(route_of(route));
    }
  }
  return contract;
}

}}}  // namespace aerie::v1::contract

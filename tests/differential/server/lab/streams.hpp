#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::lab {

/// Handlers that answer more than once.
class Streams {
 public:
  static void describe(aerie::Gateway<Streams>& g);

 private:
  aerie::Generator<aerie::Event<int>> events();
  aerie::Generator<int> values();
  aerie::Generator<aerie::Event<int>> slow();
  aerie::Generator<aerie::ReplyItem> mixed();
  aerie::Generator<int> empty();
  aerie::Generator<aerie::Event<int>> broken();
  aerie::Task<aerie::Generator<aerie::Event<std::string>>> promised();
  aerie::Generator<aerie::Event<int>> until_gone();
};

}  // namespace reference::lab

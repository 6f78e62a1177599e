#pragma once

#include <aerie/gateway/gateways.hpp>

#include <string>

namespace reference::lab {

/// What a handler may return, and what becomes of it.
class Answers {
 public:
  static void describe(aerie::Gateway<Answers>& g);

 private:
  aerie::DynamicReply echo(aerie::Value const& payload);
  aerie::Value echo_plain(aerie::Socket& socket, aerie::Value const& payload);

  void nothing();
  aerie::Value null();
  bool no();
  int zero();
  std::string empty();
  aerie::Value array();
  aerie::Value date();
  aerie::Bytes buffer();

  aerie::Event<> res(aerie::Value const& payload);
  aerie::Event<> res_without_data();
  aerie::DynamicReply res_with_empty_event();
  aerie::DynamicReply res_with_more();

  aerie::Task<aerie::DynamicReply> promise(aerie::Value payload);
  aerie::Task<aerie::Event<>> promised_res(aerie::Value payload);

  std::string dup1();
  std::string dup2();
  aerie::Event<int> dup_res1();
  aerie::Event<int> dup_res2();
};

}  // namespace reference::lab

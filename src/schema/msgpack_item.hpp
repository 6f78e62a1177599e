#pragma once

/// \file
/// The lexical level of MessagePack: what begins at a byte.

#include <aerie/schema/decoder.hpp>

#include <cstddef>

namespace aerie { inline namespace v1 { namespace msgpack {

/// A value without its content. Numbers are of kind `number`.
struct Item {
  ValueKind kind = ValueKind::undefined;
  bool boolean = false;
  Number number;
  Date date;
  std::size_t size = 0;  ///< Bytes of a string or bytes, elements of an array, members of a map.
};

/// Reads what begins at `at`. Returns where its content begins, or, where it has none, where it ends; null if
/// there is no such thing, or the message is too short for it and its content.
char const* read_item(char const* at, char const* end, Item& item);

}}}  // namespace aerie::v1::msgpack

#pragma once

/// \file
/// Pipes that make a value of a text, or refuse it: `Param<"id", std::int64_t, aerie::ParseInt>`. Texts and
/// what is accepted are those of https://docs.nestjs.com/pipes#built-in-pipes.
///
/// What does not parse is a BadRequestException for a controller's client. A gateway's client is told the
/// same text by a WsException, unless `always_http_exception` asks for what NestJS does, which is "Internal
/// server error". What is accepted is NestJS 12's, which is stricter than 11's, or 11's if the application's
/// `nestjs_compatibility` says so.
///
/// Thread contract: immutable; used by all shards.

#include <aerie/core/api.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/parameters.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/value.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

/// What the parsing pipes of NestJS are told.
struct ParseOptions {
  /// Nothing and null pass as they are.
  bool optional = false;
  /// Of the answer to a controller's client.
  int error_http_status = 400;
  /// Throws an HttpException for gateways too, as NestJS does.
  bool always_http_exception = false;
};

/// What the pipes of this file have in common, and a base for more of them.
class AERIE_API ParsePipe {
 public:
  using Options = ParseOptions;
  using inject = aerie::inject<>;

 protected:
  ParsePipe() = default;
  explicit ParsePipe(Options options) : options_(options) {}
  ~ParsePipe() = default;

  bool passes(Value const& value) const {
    return options_.optional && (value.is_undefined() || value.is_null());
  }
  [[noreturn]] void refuse(ArgumentInfo const& info, std::string_view text) const;
  Options const& options() const noexcept { return options_; }

 private:
  Options options_;
};

/// A whole number, or the text of one.
class AERIE_API ParseInt : public ParsePipe {
 public:
  ParseInt() = default;
  /// With settings other than NestJS' own.
  explicit ParseInt(Options options) : ParsePipe(options) {}
  Value transform(Value value, ArgumentInfo const& info) const;
};

/// A number, or the text of one. With NestJS 11 white space may be around it.
class AERIE_API ParseFloat : public ParsePipe {
 public:
  ParseFloat() = default;
  /// With settings other than NestJS' own.
  explicit ParseFloat(Options options) : ParsePipe(options) {}
  Value transform(Value value, ArgumentInfo const& info) const;
};

/// true and false, or their texts.
class AERIE_API ParseBool : public ParsePipe {
 public:
  ParseBool() = default;
  /// With settings other than NestJS' own.
  explicit ParseBool(Options options) : ParsePipe(options) {}
  Value transform(Value value, ArgumentInfo const& info) const;
};

namespace gateway {

/// RFC 9562. `version` 0 is any: a UUID of the versions 1 to 8, or one whose bits are all 0 or all 1. With
/// NestJS 11 any, 1, 2, and 3 do not look at more than the shape and the digit of the version.
AERIE_API bool is_uuid(std::string_view text, int version,
                       NestjsVersion nestjs = NestjsVersion::v12) noexcept;

class AERIE_API ParseUuidBase : public ParsePipe {
 protected:
  explicit ParseUuidBase(int version, Options options = {}) : ParsePipe(options), version_(version) {}
  Value parse(Value value, ArgumentInfo const& info) const;

 private:
  int version_;
};

class AERIE_API ParseEnumBase : public ParsePipe {
 protected:
  explicit ParseEnumBase(EnumTable const& names, Options options = {}) : ParsePipe(options), names_(&names) {}
  Value parse(Value value, ArgumentInfo const& info) const;

 private:
  EnumTable const* names_;
};

class AERIE_API ParseArrayBase : public ParsePipe {
 protected:
  ParseArrayBase(TypeOps const& items, std::string_view separator, Options options = {})
      : ParsePipe(options), items_(&items), separator_(separator) {}
  Value parse(Value value, ArgumentInfo const& info) const;

 private:
  Value item(Value value, std::size_t index, ArgumentInfo const& info) const;

  TypeOps const* items_;
  std::string_view separator_;
};

}  // namespace gateway

/// A UUID of a version, 0 for any: `ParseUuid<4>`.
template <int Version = 0>
class ParseUuid : public gateway::ParseUuidBase {
 public:
  ParseUuid() : ParseUuidBase(Version) {}
  /// With settings other than NestJS' own.
  explicit ParseUuid(Options options) : ParseUuidBase(Version, options) {}
  Value transform(Value value, ArgumentInfo const& info) const { return parse(std::move(value), info); }
};

/// One of the names of a described enumeration.
template <DescribedEnum E>
class ParseEnum : public gateway::ParseEnumBase {
 public:
  ParseEnum() : ParseEnumBase(enum_table_of<E>()) {}
  /// With settings other than NestJS' own.
  explicit ParseEnum(Options options) : ParseEnumBase(enum_table_of<E>(), options) {}
  Value transform(Value value, ArgumentInfo const& info) const { return parse(std::move(value), info); }
};

/// An array, or a text with its items between separators; an empty text is one empty item, or refused with
/// NestJS 11. Items that are to be numbers are read as such;
/// those of a described type are validated.
template <class Item = std::string, FixedText Separator = ",">
class ParseArray : public gateway::ParseArrayBase {
 public:
  ParseArray() : ParseArrayBase(type_ops<Item>, Separator.view()) {}
  /// With settings other than NestJS' own.
  explicit ParseArray(Options options) : ParseArrayBase(type_ops<Item>, Separator.view(), options) {}
  Value transform(Value value, ArgumentInfo const& info) const { return parse(std::move(value), info); }
};

/// Takes the place of nothing, null and NaN: `app.use<aerie::DefaultTo>(7)`.
class AERIE_API DefaultTo {
 public:
  /// What stands in for a value that is missing.
  explicit DefaultTo(Value fallback) : fallback_(std::move(fallback)) {}
  Value transform(Value value) const;

 private:
  Value fallback_;
};

/// The same as a template argument: `Query<"page", std::int64_t, aerie::DefaultValue<1>, aerie::ParseInt>`.
template <auto Fallback>
class DefaultValue : public DefaultTo {
 public:
  DefaultValue() : DefaultTo(Fallback) {}
};
/// `Query<"order", std::string, aerie::DefaultText<"newest">>`
template <FixedText Fallback>
class DefaultText : public DefaultTo {
 public:
  DefaultText() : DefaultTo(Fallback.view()) {}
};

}}  // namespace aerie::v1

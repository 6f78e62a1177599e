#pragma once

/// \file
/// In which format the elements of a packet have come, for whoever decodes one of them when it is asked for.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec_trait.hpp>

#include <span>
#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

/// Reads single elements, each a piece of the packet that is one value and has been checked. Has no state and
/// lives as long as the program: arguments that are kept refer to it. Any thread.
class AERIE_API ElementFormat {
 public:
  /// Decodes an element into `value`, whose type is that of `ops`. `attachments` are those of its packet.
  virtual DecodeResult read(std::string_view element, std::span<Bytes const> attachments, TypeOps const& ops,
                            void* value) const = 0;

  /// The content of a string that needs no decoding because it stands in the element as it is; a view whose
  /// `data()` is null if the element is anything else. Saves time, and is asked for each string.
  virtual std::string_view plain_text(std::string_view element) const noexcept = 0;

 protected:
  ~ElementFormat() = default;
};

/// JSON, with placeholders for attachments.
AERIE_API ElementFormat const& json_elements() noexcept;
/// MessagePack as notepack.io writes it.
AERIE_API ElementFormat const& msgpack_elements() noexcept;

}}}  // namespace aerie::v1::socketio

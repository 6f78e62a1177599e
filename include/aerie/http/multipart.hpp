#pragma once

/// \file
/// Bodies of several parts, as browsers send forms with files (`multipart/form-data`, RFC 7578). The parts
/// are views into the body: reading it takes no memory but for their list.

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

/// What a form may have.
struct MultipartLimits {
  /// Bytes of the body, which is in memory as a whole, on its connection's account. For whoever reads it: a
  /// route of a controller has it for its `body_limit`, unless that was set.
  std::size_t max_body_bytes = std::size_t{10} << 20U;
  /// Files in one form.
  std::size_t max_files = 10;
  /// Bytes of one file.
  std::size_t max_file_bytes = std::size_t{1} << 20U;
  /// Parts that are no files.
  std::size_t max_fields = 100;
  /// Bytes of one part that is no file.
  std::size_t max_field_bytes = std::size_t{64} << 10U;
  /// Bytes of the header of one part.
  std::size_t max_header_bytes = std::size_t{8} << 10U;
  /// Bytes of the name of a part's field.
  std::size_t max_name_bytes = 100;
};

/// One part. Its content belongs to the body that it was read from.
struct AERIE_API MultipartPart {
  /// The form's field.
  std::string name;
  /// What the client calls the file, without folders. Never a path to be trusted: whatever it is, it is one
  /// name. Nothing if the part is no file.
  std::optional<std::string> file_name;
  /// The media type that the client has given it; "text/plain" if none.
  std::string type;
  /// Its bytes as they were sent.
  std::string_view content;

  /// Writes the content to a file that must not exist yet, on a worker thread; of what could not be written
  /// as a whole nothing is left. Throws std::system_error. The body must stay until then.
  Task<void> save_to(std::string path) const;
};

/// Why a body was refused: the status for it and a sentence for the client, in multer's words.
struct MultipartError {
  /// Status of the answer.
  int status = 400;
  /// Why, for the client.
  std::string_view message;
};

/// What a multipart body is made of, or why it is none.
struct MultipartForm {
  /// In the order of the body.
  std::vector<MultipartPart> parts{};
  /// Set if it is none; then there are no parts.
  std::optional<MultipartError> error{};
};

/// The boundary of a `multipart/form-data` Content-Type; nothing if it is of another type, an empty text if
/// the boundary is missing or no boundary (RFC 2046 §5.1.1).
AERIE_API std::optional<std::string> multipart_boundary(std::string_view content_type);

/// Reads a whole body, in linear time. Any thread.
AERIE_API MultipartForm read_multipart(std::string_view body, std::string_view boundary,
                                       MultipartLimits const& limits = {});

}}}  // namespace aerie::v1::http

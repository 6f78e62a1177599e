// A described message, and its rules checked by hand; in gateways aerie::ValidationPipe does it.
#include "port.hpp"

#include <aerie/aerie.hpp>
#include <aerie/schema/validate.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct Attachment {
  std::string name;

  static void describe(aerie::Schema<Attachment>& s) { s.field<&Attachment::name>(); }
};

struct NewMessage {
  std::int64_t room_id = 0;
  std::string text;
  std::optional<std::string> nick;
  std::vector<Attachment> attachments;  // described too

  static void describe(aerie::Schema<NewMessage>& s) {
    s.field<&NewMessage::room_id>("roomId").minimum(1);
    s.field<&NewMessage::text>().not_empty().max_length(200).message("$property is too long");
    s.field<&NewMessage::nick>().length(1, 32);
    s.field<&NewMessage::attachments>().array_max_size(4);
  }
};

/// What is wrong with a message: "attachments.0.name must be a string". Nothing if it is right.
std::vector<std::string> complaints(aerie::Value payload) {
  auto result = aerie::validate<NewMessage>(std::move(payload), {.whitelist = true});
  if (!result) return aerie::flatten_messages(result.errors);
  NewMessage message;
  if (auto error = aerie::decode_validated(result.plain, message)) return aerie::flatten_messages({*error});
  return {};
}

int main(int argc, char** argv) {
  aerie::Server io;
  io.on("check", &complaints);
  io.listen(example::port(argc, argv));
  io.run();
}
